import { dayMs } from '../values/days.ts'

/** Over how many days what an account spends is averaged. */
export const paceDays = 7

type Spending = {
  availableNanos: number
  /** What the last `paceDays` days cost, today included. */
  spentNanos: number
  createdAt: Date
  now: Date
}
export type Runway = {
  /** What a day costs on average. */
  dailyNanos: number
  /** Over how many days that is: of a younger account, since it began. */
  ofDays: number
  /** For how many whole days what is available suffices; null where nothing was spent. */
  days: number | null
}

/**
 * How long the money lasts if the account goes on as in its last seven days, or in as many as there
 * is an account: days before it began are no days without use.
 */
export function runwayOf({ availableNanos, spentNanos, createdAt, now }: Spending): Runway {
  const age = Math.ceil((now.getTime() - createdAt.getTime()) / dayMs)
  const ofDays = Math.min(paceDays, Math.max(1, age))
  const dailyNanos = Math.ceil(spentNanos / ofDays)
  if (dailyNanos === 0) return { dailyNanos, ofDays, days: null }
  return { dailyNanos, ofDays, days: Math.floor(Math.max(0, availableNanos) / dailyNanos) }
}
