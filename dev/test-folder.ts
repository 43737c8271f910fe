import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { lockOrRefuse, tryLock } from './servers/folder-lock.ts'
import { stopLeftovers } from './servers/private-server.ts'

const prefix = 'ai-api-relay-test-'

type TestFolder = { path: string; remove(): void }

/** A temporary folder for one run of the tests, after clearing away those of crashed runs. */
export async function makeTestFolder(parent = tmpdir()): Promise<TestFolder> {
  const leftovers = readdirSync(parent).filter((name) => name.startsWith(prefix))
  await Promise.all(leftovers.map((name) => clearUnlessInUse(join(parent, name))))
  // It gets the name under which others clear it away only once it is locked.
  const unnamed = mkdtempSync(join(parent, 'ai-api-relay-new-'))
  const lock = lockOrRefuse(lockOf(unnamed), 'npm test')
  const path = unnamed.replace('ai-api-relay-new-', prefix)
  renameSync(unnamed, path)
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true })
      lock.release()
    },
  }
}

async function clearUnlessInUse(path: string): Promise<void> {
  if (!existsSync(lockOf(path))) return
  const lock = tryLock(lockOf(path), 'clearing up')
  if (lock === undefined) return
  await stopLeftovers(join(path, 'mariadb', 'data'), 'mariadbd')
  await stopLeftovers(join(path, 'mariadb', 'data.unfinished'), 'mariadbd')
  await stopLeftovers(join(path, 'redis'), 'redis-server')
  rmSync(path, { recursive: true, force: true })
  lock.release()
}

function lockOf(path: string): string {
  return join(path, 'lock')
}
