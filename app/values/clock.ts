/** The database's clock at a moment of this process: what was read of it, and when that was heard. */
type Reading = { databaseMs: number; heardMs: number }

// A thread has one clock, whatever it runs was bundled in: the pages and what serves them are two
// bundles, each with a copy of this file.
const place: unique symbol = Symbol.for('the clock of the relay')
const thread = globalThis as { [place]?: { reading?: Reading } }
const kept = (thread[place] ??= {})

const msAt = ({ databaseMs, heardMs }: Reading, atMs: number) => databaseMs + atMs - heardMs

/**
 * Now, in whole milliseconds since 1970, by the database's clock as far as this thread knows it, and
 * by the machine's own before it has read that one. Whatever dates a row, a call's id or a day goes by
 * it: between two readings by a clock that nobody can set, so that a machine whose time is set, or
 * wrong, dates nothing wrongly (docs/decisions/0046).
 */
export const clockMs = (): number =>
  kept.reading ? Math.floor(msAt(kept.reading, performance.now())) : Date.now()

/** The same as a moment. */
export const clockNow = (): Date => new Date(clockMs())

type Heard = {
  databaseMs: number
  /** By the process's clock that never jumps: when it was asked for, and when it was there. */
  sentMs: number
  heardMs: number
  /** The machine's own time when it was there. */
  machineMs: number
}

/**
 * Takes note of what the database's clock said. It was read somewhere between question and answer:
 * what is known stays as it is where that may be right, and is moved no further than it must be, so
 * that a slow answer moves nothing. Answers how far the machine's own clock is off for sure, in
 * milliseconds; above 0 it is ahead.
 */
export function noteClock({ databaseMs, sentMs, heardMs, machineMs }: Heard): number {
  // The database tells whole milliseconds.
  const latestMs = databaseMs + (heardMs - sentMs) + 1
  const within = (ms: number) => Math.min(Math.max(ms, databaseMs), latestMs)
  const knownMs = kept.reading ? msAt(kept.reading, heardMs) : (databaseMs + latestMs) / 2
  kept.reading = { databaseMs: within(knownMs), heardMs }
  return machineMs - within(machineMs)
}
