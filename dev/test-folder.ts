import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

import { lockOrRefuse, tryLock } from './servers/folder-lock.ts'
import { stopLeftovers } from './servers/private-server.ts'

const prefix = 'ai-api-relay-test-'
const memory = '/dev/shm'
/** What must be free of the machine's memory: the files of a run come to a gigabyte or two. */
const freeBytesMin = 8 * 1024 ** 3
/** Linux's own number of a file system that is in memory. */
const tmpfs = 0x01021994

type TestFolder = { path: string; remove(): void }

/**
 * Where the files of a run's servers are quickest: in memory, if there is plenty, else on the disk.
 * Each file of tests makes sixty tables and drops them, which the disk syncs one by one; that some
 * power cut would lose them is nothing that a test looks at.
 */
function quickestParent(): string {
  if (!existsSync(memory) || freemem() < freeBytesMin) return tmpdir()
  const { type, bavail, bsize } = statfsSync(memory)
  return type === tmpfs && bavail * bsize >= freeBytesMin ? memory : tmpdir()
}

/** A temporary folder for one run of the tests, after clearing away those of crashed runs. */
export async function makeTestFolder(parent = quickestParent()): Promise<TestFolder> {
  for (const cleared of new Set([parent, tmpdir()])) await clearLeftovers(cleared)
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

async function clearLeftovers(parent: string): Promise<void> {
  const leftovers = readdirSync(parent).filter((name) => name.startsWith(prefix))
  await Promise.all(leftovers.map((name) => clearUnlessInUse(join(parent, name))))
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
