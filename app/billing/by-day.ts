import { run, type Db, type Row } from '../db/db.server.ts'
import { listEntries } from './ledger-pages.ts'
import { daysOfMonth, lastSeqsBefore } from './months.ts'

type Pools = { planNanos: number; balanceNanos: number }
type Bounds = { after: number; upTo: number }

/** Charges of one day that follow one another in the ledger, with nothing booked between them. */
type ChargeRun = Pools & {
  kind: 'charges'
  day: string
  calls: number
  /** The last of them, when it was booked, and what it left. */
  seq: number
  createdAt: Date
  planAfterNanos: number
  balanceAfterNanos: number
}
type LedgerLine = Row<'billing/list-credits'> | ChargeRun

/** What each of these entries left in both pools; before the first one there was nothing. */
async function readAfter(db: Db, accountId: number, seqs: number[]) {
  const asked = [...new Set(seqs)].filter((seq) => seq > 0)
  const found = asked.length ? await run(db, 'billing/list-after', { accountId, seqs: asked }) : []
  const left = new Map(found.map((it) => [it.seq, it]))
  left.set(0, { seq: 0, planNanos: 0, balanceNanos: 0, createdAt: new Date(0) })
  return (seq: number) => {
    const after = left.get(seq)
    if (!after) throw new Error('an entry of the ledger is missing')
    return after
  }
}

/** What is left between two entries where these, of ascending numbers, are taken out. */
function gapsBetween({ after, upTo }: Bounds, others: number[]): Bounds[] {
  const gaps: Bounds[] = []
  let last = after
  for (const seq of [...others.filter((it) => it > after && it <= upTo), upTo + 1]) {
    if (seq - 1 > last) gaps.push({ after: last, upTo: seq - 1 })
    last = seq
  }
  return gaps
}

/**
 * A page of a zone's month, newest first: every entry but charges, at most `rows` of them, and
 * between them a line for the charges that follow one another on a day. Each line leaves what the
 * one before left and its own amount. Charges are what is between two entries, so that they add up
 * by construction and millions of them need not be read. `older` is the `upTo` of the next page.
 */
export async function listByDay(
  db: Db,
  accountId: number,
  { month, zone, entrySeq }: { month: string; zone: string; entrySeq: number },
  { after, upTo, rows }: Bounds & { rows: number },
): Promise<{ lines: LedgerLine[]; older: number | null }> {
  if (upTo <= after) return { lines: [], older: null }
  const days = daysOfMonth(month, zone)
  const moments = days.map(({ ends }) => ends)
  const [{ entries, older }, ends] = await Promise.all([
    listEntries(db, accountId, { after, upTo, rows, creditsOnly: true }),
    lastSeqsBefore(db, accountId, moments, entrySeq),
  ])
  const others = entries.map(({ seq }) => seq).reverse()
  const begins = older ?? after
  const gaps = days.flatMap(({ day }, i) => {
    const of = { after: Math.max(begins, ends[i - 1] ?? 0), upTo: Math.min(upTo, ends[i] ?? 0) }
    return gapsBetween(of, others).map((gap) => ({ day, ...gap }))
  })
  const leftBy = await readAfter(
    db,
    accountId,
    gaps.flatMap((gap) => [gap.after, gap.upTo]),
  )
  const runs = gaps.map((gap): ChargeRun => {
    const [opening, closing] = [leftBy(gap.after), leftBy(gap.upTo)]
    return {
      kind: 'charges',
      day: gap.day,
      calls: gap.upTo - gap.after,
      planNanos: closing.planNanos - opening.planNanos,
      balanceNanos: closing.balanceNanos - opening.balanceNanos,
      seq: gap.upTo,
      createdAt: closing.createdAt,
      planAfterNanos: closing.planNanos,
      balanceAfterNanos: closing.balanceNanos,
    }
  })
  return { lines: [...runs, ...entries].sort((a, b) => b.seq - a.seq), older }
}
