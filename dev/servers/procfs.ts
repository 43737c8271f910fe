import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * One process, told apart from a later one that was given the same number: the kernel's start
 * time (ticks since boot, field 22 of /proc/PID/stat) differs between the two.
 */
export type ProcessIdentity = { pid: number; startTime: string }

/** The identity of a running process; undefined when it is gone or only waits to be reaped. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The second field is the program's name in parentheses and may itself hold spaces and ')'.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined
  return { pid, startTime }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime
}

/**
 * Running processes named `program` whose working folder is `folder` itself.
 *
 * Both servers make their data folder their working folder, so this finds a server left behind
 * by a killed parent without trusting a pid file, which a crash leaves stale and which may by
 * then name a stranger. Folders are compared by device and inode: a container that shares our
 * process table and uses the same path is not us.
 */
export function findProcessesIn(folder: string, program: string): ProcessIdentity[] {
  const ours = inode(folder)
  if (ours === undefined) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => runs(pid, program) && inode(`/proc/${pid}/cwd`) === ours)
    .map(identify)
    .filter((identity) => identity !== undefined)
}

/** Relays that serve what is built in `folder`. */
export function findServing(folder: string): ProcessIdentity[] {
  const isServer = (word: string) => /(^|\/)build\/server\.mjs$/.test(word)
  return findProcessesIn(folder, 'node').filter(({ pid }) => wordsOf(pid).some(isServer))
}

const runs = (pid: number, program: string) => basename(wordsOf(pid)[0] ?? '') === program

/** The command line of a process; nothing when it is gone. */
function wordsOf(pid: number): string[] {
  return readQuietly(`/proc/${pid}/cmdline`)?.split('\0') ?? []
}

function inode(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}

function readQuietly(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
