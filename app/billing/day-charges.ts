import { run, type Db } from '../db/db.server.ts'
import { daysOfMonth, lastSeqsBefore } from './months.ts'

type Pools = { planNanos: number; balanceNanos: number }
/** What the charges of a day came to together. */
type DayCharges = Pools & {
  day: string
  calls: number
  /** The last entry of the day, and what it left. */
  seq: number
  planAfterNanos: number
  balanceAfterNanos: number
}
type Bounds = { after: number; upTo: number }

const nothing: Pools = { planNanos: 0, balanceNanos: 0 }

/** What each of these entries left in both pools; before the first one there was nothing. */
async function readPoolsAfter(db: Db, accountId: number, seqs: number[]) {
  const asked = [...new Set(seqs)].filter((seq) => seq > 0)
  const found = asked.length ? await run(db, 'billing/list-after', { accountId, seqs: asked }) : []
  const pools = new Map<number, Pools>([[0, nothing], ...found.map((it) => [it.seq, it] as const)])
  return (seq: number): Pools => {
    const after = pools.get(seq)
    if (!after) throw new Error('an entry of the ledger is missing')
    return after
  }
}

/**
 * The charges of a zone's month by the day on which they were booked, the newest day first; days without
 * one are left out. As in a statement they are what is between two entries besides all others, so
 * that they add up by construction and millions of them need not be read.
 */
export async function listDayCharges(
  db: Db,
  accountId: number,
  { month, zone }: { month: string; zone: string },
  { after, upTo }: Bounds,
  entrySeq: number,
): Promise<DayCharges[]> {
  if (upTo === after) return []
  const days = daysOfMonth(month, zone)
  const moments = days.map(({ ends }) => ends)
  const ends = await lastSeqsBefore(db, accountId, moments, entrySeq)
  const parts = days
    .map(({ day }, i) => ({ day, after: ends[i - 1] ?? after, upTo: ends[i] ?? upTo }))
    .filter((part) => part.upTo > part.after)
  const begins = parts.map((part) => part.after + 1)
  const [poolsAfter, credits] = await Promise.all([
    readPoolsAfter(db, accountId, [after, ...parts.map((part) => part.upTo)]),
    run(db, 'billing/sum-credits-between', { accountId, after, upTo, begins }),
  ])
  const creditsOf = new Map(credits.map((sum) => [sum.part, sum]))
  return parts
    .map((part, i) => {
      const [opening, closing] = [poolsAfter(part.after), poolsAfter(part.upTo)]
      const other = creditsOf.get(i + 1)
      return {
        day: part.day,
        calls: part.upTo - part.after - (other?.entries ?? 0),
        planNanos: closing.planNanos - opening.planNanos - (other?.planNanos ?? 0),
        balanceNanos: closing.balanceNanos - opening.balanceNanos - (other?.balanceNanos ?? 0),
        seq: part.upTo,
        planAfterNanos: closing.planNanos,
        balanceAfterNanos: closing.balanceNanos,
      }
    })
    .filter(({ calls }) => calls > 0)
    .reverse()
}
