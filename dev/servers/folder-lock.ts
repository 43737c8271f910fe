import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { CannotContinue } from '../command/announce.ts'
import { makePrivateFolder } from './private-files.ts'

/** Who holds a lock, for people to read. The lock itself does not depend on it. */
type Holder = { pid: number; purpose: string }

export type Lock = { release(): void }

const isTaken = 75

/**
 * Takes the lock `file` for this process, or says with undefined that someone else has it.
 *
 * It is the kernel's own (flock): it ends with the process that holds it, however that ends, so
 * there is no stale lock to recognise and no moment in which two can think they have it. Node has
 * no call for it, but flock(1) locks the open file we hand it, and that stays locked after it.
 * Node marks its files close-on-exec, so servers started under the lock do not carry it on.
 */
export function tryLock(file: string, purpose: string): Lock | undefined {
  makePrivateFolder(dirname(file))
  const handle = openSync(file, 'a+', 0o600)
  const args = ['--exclusive', '--nonblock', '--conflict-exit-code', String(isTaken), '3']
  const { status, error } = spawnSync('flock', args, {
    stdio: ['ignore', 'ignore', 'inherit', handle],
  })
  if (status !== 0) {
    closeSync(handle)
    if (status === isTaken) return undefined
    throw new CannotContinue(`Cannot lock ${file}: flock ${error?.message ?? `ended ${status}`}`)
  }
  ftruncateSync(handle)
  writeSync(handle, JSON.stringify({ pid: process.pid, purpose } satisfies Holder))
  return {
    release() {
      ftruncateSync(handle)
      closeSync(handle)
    },
  }
}

/** What the holder wrote about itself; undefined when nobody did, or has not yet. */
export function lockHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** The lock, or a refusal that names the process to stop first. */
export function lockOrRefuse(file: string, purpose: string): Lock {
  const lock = tryLock(file, purpose)
  if (lock !== undefined) return lock
  const holder = lockHolder(file)
  const who = holder === undefined ? 'another process' : `${holder.purpose}, process ${holder.pid}`
  throw new CannotContinue(`${dirname(file)} is in use by ${who}. Stop that first.`)
}

/** Waits for the lock, `msMax` at most, and then refuses like `lockOrRefuse`. */
export async function waitForLock(file: string, purpose: string, msMax: number): Promise<Lock> {
  const deadline = performance.now() + msMax
  for (;;) {
    const lock = tryLock(file, purpose)
    if (lock !== undefined) return lock
    if (performance.now() > deadline) return lockOrRefuse(file, purpose)
    await delay(100)
  }
}
