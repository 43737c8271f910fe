import { isUnderBootstrap } from '../command/environment.ts'

/**
 * One Ctrl-C arrives several times: from the terminal, and again through npm and bootstrap.mjs.
 * What follows within this time is an echo, not a second wish.
 */
const echoMsMax = 1_000

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Also where no signal comes: whoever was to pass it on may have been killed. */
const lookEveryMs = 250

export type Interruption = {
  /** Settles at the first signal. */
  readonly happened: Promise<NodeJS.Signals>
  /** Settles at a second one, from somebody who will not wait. */
  readonly hurried: Promise<void>
  signal(): NodeJS.Signals | undefined
}

/**
 * From here on signals do not end this process but are told to whoever asks. The end of the
 * launcher counts as one.
 */
export function watchForInterruption(now: () => number = () => performance.now()): Interruption {
  let first: { signal: NodeJS.Signals; at: number } | undefined
  let happen: (signal: NodeJS.Signals) => void
  let hurry: () => void
  const happened = new Promise<NodeJS.Signals>((resolve) => (happen = resolve))
  const hurried = new Promise<void>((resolve) => (hurry = resolve))
  for (const signal of signals) {
    process.on(signal, () => {
      if (first === undefined) {
        first = { signal, at: now() }
        happen(signal)
      } else if (now() - first.at > echoMsMax) {
        hurry()
      }
    })
  }
  if (isUnderBootstrap()) {
    const parent = process.ppid
    const timer = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(timer)
      if (first === undefined) process.emit('SIGTERM')
    }, lookEveryMs).unref()
  }
  return { happened, hurried, signal: () => first?.signal }
}
