import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { join, relative } from 'node:path'

import { CannotContinue } from '../command/announce.ts'
import { childEnvironment } from '../command/environment.ts'
import { waitForLock } from '../servers/folder-lock.ts'

const inputs = [
  'app',
  'dev/bundle',
  'dev/languages',
  'public',
  'sql',
  'server.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
]
const stamp = join('build', '.stamp')
const lockFile = join('node_modules', '.build-lock')
const waitMsMax = 300_000

/** Runs `npm run build` unless build/ was made from exactly the files that are there now. */
export async function ensureBuild(): Promise<'fresh' | 'built'> {
  const lock = await waitForLock(lockFile, 'a build', waitMsMax)
  try {
    // Taken before building: a file saved meanwhile makes the next start build again.
    const wanted = hashInputs('.')
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'fresh'
    rmSync(stamp, { force: true })
    await build()
    writeFileSync(stamp, wanted)
    return 'built'
  } finally {
    lock.release()
  }
}

/** One hash over the names and contents of all that goes into a build. */
export function hashInputs(root: string): string {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap((input) => listFiles(join(root, input)))) {
    const content = readFileSync(file)
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/** Files under a path in a stable order, without tests, which are not shipped. */
function listFiles(path: string): string[] {
  if (!existsSync(path)) return []
  if (path.endsWith('.test.ts')) return []
  const entries = readEntries(path)
  return entries === undefined
    ? [path]
    : entries.sort().flatMap((name) => listFiles(join(path, name)))
}

function readEntries(path: string): string[] | undefined {
  try {
    return readdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

async function build(): Promise<void> {
  const child = spawn('npm', ['run', 'build'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ NODE_ENV: 'production' }),
  })
  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve)
  })
  const [code, output, errors] = await Promise.all([
    exitCode,
    text(child.stdout),
    text(child.stderr),
  ])
  if (code !== 0) throw new CannotContinue(`npm run build failed:\n${output}${errors}`)
}
