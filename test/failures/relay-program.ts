import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

type Program = 'relay-process' | 'several-process' | 'till-process' | 'code-process'

const bundled = new Map<string, Promise<string>>()

/**
 * The relay as one file, bundled the way server.ts is. A test that starts fifty of them saves half
 * a minute over having each translated from TypeScript. It lies where its packages are found.
 */
export const relayProgram = (name: Program = 'relay-process') => {
  const before = bundled.get(name)
  if (before) return before
  const made = bundle(name)
  bundled.set(name, made)
  return made
}

async function bundle(name: Program): Promise<string> {
  const folder = join('node_modules', '.cache')
  const outfile = join(folder, `${name}-${process.pid}.mjs`)
  mkdirSync(folder, { recursive: true })
  process.once('exit', () => rmSync(outfile, { force: true }))
  await build({
    entryPoints: [`test/failures/${name}.ts`],
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
