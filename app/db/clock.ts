import { limits } from '../config/limits.ts'
import { noteClock } from '../values/clock.ts'
import { UnfitDatabase } from './check.ts'
import { run, type Db } from './run.ts'

/**
 * Reads the database's clock, by which this thread dates everything from now on. Answers how far the
 * machine's own is off for sure, in milliseconds; above 0 it is ahead.
 */
export async function readClock(db: Db): Promise<number> {
  const sentMs = performance.now()
  const { now } = await run(db, 'db/read-clock', {})
  // The clock is never null, which a prepared statement does not know.
  const databaseMs = now!.getTime()
  return noteClock({ databaseMs, sentMs, heardMs: performance.now(), machineMs: Date.now() })
}

/** Whether a machine's clock that is off by so much is to be set right first. */
export const isClockOff = (offMs: number): boolean => Math.abs(offMs) > limits.db.clockOffMsMax

const units: [name: string, ms: number][] = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1_000],
]

/** How far a clock is off, in words: two of a unit at the least, or seconds. */
export function clockWords(offMs: number): string {
  const distance = Math.abs(offMs)
  const [name, ms] = units.find((unit) => distance >= 2 * unit[1]) ?? ['seconds', 1_000]
  return `${Math.round(distance / ms)} ${name} ${offMs > 0 ? 'ahead of' : 'behind'} the database’s`
}

/** The machine's clock and the database's are apart; the message says how far, and what to do. */
export class ClockOff extends UnfitDatabase {}

/** Refuses to go on where the machine's clock and the database's are apart. */
export async function checkClock(db: Db): Promise<void> {
  // The first answer has waited for a connection, and says less.
  await readClock(db)
  const offMs = await readClock(db)
  if (!isClockOff(offMs)) return
  throw new ClockOff(
    `This machine’s clock is ${clockWords(offMs)}: set both right, by NTP for one, and start again.`,
  )
}
