import { execFile } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { childEnvironment } from '../command/environment.ts'
import { stopLeftovers } from './private-server.ts'

const run = promisify(execFile)

/** MariaDB refuses to run as root unless told so by name. */
export const rootArguments = process.getuid?.() === 0 ? ['--user=root'] : []

/**
 * Makes the data folder unless there is one. It is made beside, written to the disk and then
 * renamed, so whatever bears the final name is complete; an unfinished one is thrown away.
 * `temporary` has to be this server's alone: at its start mariadbd deletes every temporary table
 * it finds there, those of its neighbours too.
 */
export async function ensureDataFolder(folder: string, temporary: string): Promise<void> {
  if (existsSync(folder)) return
  const unfinished = `${folder}.unfinished`
  await stopLeftovers(unfinished, 'mariadbd')
  rmSync(unfinished, { recursive: true, force: true })
  await installInto(unfinished, temporary)
  writeThrough(unfinished)
  renameSync(unfinished, folder)
  writeThroughOne(dirname(folder))
}

async function installInto(folder: string, temporary: string): Promise<void> {
  const args = [
    '--no-defaults',
    // Relative, because the script leaves paths with spaces unquoted when it runs as root.
    `--datadir=./${basename(folder)}`,
    ...rootArguments,
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    '--skip-name-resolve',
    // It would otherwise insist that this machine's own name can be looked up.
    '--force',
  ]
  try {
    await run('mariadb-install-db', args, {
      cwd: dirname(folder),
      env: childEnvironment({ TMPDIR: temporary }),
    })
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`${message}\n${stdout ?? ''}\n${stderr ?? ''}`.trimEnd())
  }
}

function writeThrough(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) writeThrough(path)
    else if (entry.isFile()) writeThroughOne(path)
  }
  writeThroughOne(folder)
}

function writeThroughOne(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
