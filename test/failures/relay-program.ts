import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

let bundled: Promise<string> | undefined

/**
 * The relay as one file, bundled the way server.ts is. A test that starts fifty of them saves half
 * a minute over having each translated from TypeScript. It lies where its packages are found.
 */
export const relayProgram = () => (bundled ??= bundle())

async function bundle(): Promise<string> {
  const folder = join('node_modules', '.cache')
  const outfile = join(folder, `relay-process-${process.pid}.mjs`)
  mkdirSync(folder, { recursive: true })
  process.once('exit', () => rmSync(outfile, { force: true }))
  await build({
    entryPoints: ['test/failures/relay-process.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    loader: { '.json': 'json' },
    logLevel: 'warning',
  })
  return outfile
}
