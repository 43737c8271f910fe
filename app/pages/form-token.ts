import { limits } from '../config/limits.ts'
import { formatCallId, newCallId, parseCallId } from '../values/call-id.ts'
import { run, type Db } from '../db/db.server.ts'
import { clockMs } from '../values/clock.ts'

const { formHoursMax, spentFormHoursKept } = limits.pages

const hour = 3_600_000

/** What a form carries so that sending it twice does its work once. Its first bits are the time. */
export const newFormToken = (): string => formatCallId(newCallId(clockMs()))

/**
 * Marks a token as used: `spent` for exactly one of all requests that bring it, however they race,
 * `repeated` for the others, and `stale` for what no form of the last hours carried.
 */
export async function spendFormToken(
  db: Db,
  text: unknown,
  nowMs: number,
): Promise<'spent' | 'repeated' | 'stale'> {
  const token = typeof text === 'string' ? parseCallId(text) : undefined
  const ageMs = token ? nowMs - token.readUIntBE(0, 6) : Infinity
  // Replicas' clocks differ a little, so a token may be from the near future.
  if (!token || ageMs > formHoursMax * hour || ageMs < -hour) return 'stale'
  const before = newCallId(nowMs - spentFormHoursKept * hour)
  await run(db, 'pages/delete-old-form-tokens', { before, rows: 100 })
  return (await run(db, 'pages/spend-form-token', { token })) === 1 ? 'spent' : 'repeated'
}
