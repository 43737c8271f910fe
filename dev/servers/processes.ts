import { spawn, type StdioOptions } from 'node:child_process'
import { createServer } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

import { CannotContinue } from '../command/announce.ts'
import { eventually } from '../command/eventually.ts'
import { listen } from '../command/listen.ts'
import { isAlive, type ProcessIdentity } from './procfs.ts'
import { findProgram } from './programs.ts'

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

export type OwnedProcess = {
  readonly pid: number
  /** Standard input and output, where they are pipes. */
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly exited: Promise<Exit>
  isRunning(): boolean
  /** Reaches the child and what it started itself, unless that moved to another group. */
  signal(name: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL once `graceMs` have passed. Harmless when it is already gone. */
  stop(graceMs: number): Promise<Exit>
}

type SpawnSettings = { cwd?: string; env?: NodeJS.ProcessEnv; stdio: StdioOptions }

/**
 * Starts a child that is ours to stop: in a session of its own, so that Ctrl-C in the terminal
 * reaches only us and we choose the order, and told by the kernel to end (PR_SET_PDEATHSIG)
 * when we die without having had the chance, as under `kill -9`.
 */
export function spawnOwned(file: string, args: string[], settings: SpawnSettings): OwnedProcess {
  const setpriv = findProgram('setpriv')
  const [program, ...rest] =
    setpriv === undefined ? [file, ...args] : [setpriv, '--pdeathsig', 'TERM', '--', file, ...args]
  const child = spawn(program ?? file, rest, { ...settings, detached: true })
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
  // Whoever cares awaits `exited`; a child that nobody waits for must not end us.
  exited.catch(() => undefined)
  const isRunning = () =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && isRunning()) process.kill(-child.pid, name)
  }
  return {
    pid: child.pid ?? -1,
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    isRunning,
    signal,
    async stop(graceMs) {
      signal('SIGCONT')
      signal('SIGTERM')
      const hurry = setTimeout(() => signal('SIGKILL'), graceMs)
      return exited.finally(() => clearTimeout(hurry))
    },
  }
}

/** The exit code a shell would show for this end. */
export function exitCodeOf({ code, signal }: Exit): number {
  const numbers: Partial<Record<NodeJS.Signals, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGABRT: 6,
    SIGKILL: 9,
    SIGSEGV: 11,
    SIGTERM: 15,
  }
  return signal === null ? (code ?? 1) : 128 + (numbers[signal] ?? 1)
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}

/** Stops a process that is not our child; its identity is looked at again before each signal. */
export async function stopStranger(stranger: ProcessIdentity, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs
  signalStranger(stranger, 'SIGCONT')
  signalStranger(stranger, 'SIGTERM')
  while (isAlive(stranger)) {
    if (performance.now() > deadline) signalStranger(stranger, 'SIGKILL')
    await delay(20)
  }
}

function signalStranger(stranger: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(stranger)) process.kill(stranger.pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Waits until the server in a process of ours answers.
 * @throws CannotContinue when `msMax` have passed, or as soon as the process has ended.
 */
export async function untilItAnswers(
  what: string,
  msMax: number,
  answers: () => Promise<boolean>,
  child: OwnedProcess,
): Promise<void> {
  const look = async () => {
    if (await answers()) return true
    if (child.isRunning()) return false
    throw new CannotContinue(`${what} stopped while starting (${describeExit(await child.exited)})`)
  }
  await eventually(`${what} answers`, look, { msMax, everyMs: 20 })
}

/** A loopback port nobody listens on now. It may be taken again before you use it. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}
