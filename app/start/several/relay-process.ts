import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../config/limits.ts'
import type { Taker } from './hand-over.ts'
import type { ToParent, ToRelay } from './parent-words.ts'

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

type Hears = (words: Exclude<ToParent, { say: 'ready' }>) => void

/** A relay in a process of its own, as its parent knows it. */
export type RelayProcess = {
  number: number
  startedAtMs: number
  /** By its name in the database, from when it is ready on. */
  relayId: string | undefined
  /** It is to end, or another is there in its place. */
  isEnding: boolean
  taker: Taker
  /** Resolves when it serves; rejects when it ends before. */
  ready: Promise<void>
  /** Resolves when its process has ended, and all that it said has been heard. */
  gone: Promise<Exit>
  say(words: ToRelay): void
  signal(name: NodeJS.Signals): void
}

/** Both are told of one that ends: what it said last comes by the channel. */
function goneOf(child: ChildProcess): Promise<Exit> {
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    // It could not be started at all.
    child.on('error', () => child.pid === undefined && resolve({ code: 1, signal: null }))
  })
  const channel = new Promise<void>((resolve) => {
    child.once('disconnect', resolve)
    if (!child.connected) resolve()
  })
  const late = () => sleep(limits.processes.channelMsMax, undefined, { ref: false })
  return exit.then(async (how) => {
    await Promise.race([channel, late()])
    return how
  })
}

/** Takes a process that was forked for a relay. */
export function relayProcess(number: number, child: ChildProcess, hears: Hears): RelayProcess {
  const say = (words: ToRelay) => void child.send(words, () => undefined)
  const gone = goneOf(child)
  const own: RelayProcess = {
    number,
    startedAtMs: performance.now(),
    relayId: undefined,
    isEnding: false,
    gone,
    say,
    signal: (name) => void child.kill(name),
    // What does not reach it is handed to another when it is gone.
    taker: {
      hand: (id, socket) =>
        void child.send({ say: 'connection', id }, socket, { keepOpen: true }, () => undefined),
    },
    ready: new Promise((resolve, reject) => {
      child.on('message', (words: ToParent) => {
        if (words.say !== 'ready') return hears(words)
        own.relayId = words.relayId
        resolve()
      })
      void gone.then(() => reject(new Error('a relay ended at its start')))
    }),
  }
  return own
}
