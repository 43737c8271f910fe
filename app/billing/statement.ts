import { run, type Db } from '../db/db.server.ts'
import { listedKinds, type ListedKind } from '../values/entry-kinds.ts'
import { boundsOfMonth } from './months.ts'

type Pools = { planNanos: number; balanceNanos: number }
type StatementLine = Pools & { kind: ListedKind; entries: number }
type Statement = {
  month: string
  opening: Pools
  /** What was given and taken by kind, and all charges in one line; only kinds that occurred. */
  lines: StatementLine[]
  closing: Pools
  /** Entries after the first number, up to and with the second. */
  bounds: { after: number; upTo: number }
}

const nothing: Pools = { planNanos: 0, balanceNanos: 0 }

async function poolsAfter(db: Db, accountId: number, seq: number): Promise<Pools> {
  if (seq === 0) return nothing
  const pools = await run(db, 'billing/read-after', { accountId, seq })
  if (!pools) throw new Error('an entry of the ledger is missing')
  return pools
}

/**
 * A month of an account, by a zone's calendar: what there was, what came and went, what was left. Both ends are what the
 * ledger's own entries say; charges are what is between them besides the other entries, so that the
 * lines add up by construction and millions of charges need not be read. `verify` proves that each
 * entry follows from the one before it.
 */
export async function readStatement(
  db: Db,
  accountId: number,
  month: string,
  entrySeq: number,
  zone = 'UTC',
): Promise<Statement> {
  const bounds = await boundsOfMonth(db, accountId, { month, zone }, entrySeq)
  const [opening, closing, credits] = await Promise.all([
    poolsAfter(db, accountId, bounds.after),
    poolsAfter(db, accountId, bounds.upTo),
    run(db, 'billing/sum-credits', { accountId, ...bounds }),
  ])
  const lines: StatementLine[] = credits.map(
    ({ listedKind, entries, planNanos, balanceNanos }) => ({
      kind: listedKind,
      entries,
      planNanos: planNanos ?? 0,
      balanceNanos: balanceNanos ?? 0,
    }),
  )
  const sum = (of: (line: StatementLine) => number) => lines.reduce((all, it) => all + of(it), 0)
  const charges = bounds.upTo - bounds.after - sum(({ entries }) => entries)
  if (charges > 0) {
    const planNanos = closing.planNanos - opening.planNanos - sum((line) => line.planNanos)
    const balanceNanos =
      closing.balanceNanos - opening.balanceNanos - sum((line) => line.balanceNanos)
    lines.push({ kind: 'charge', entries: charges, planNanos, balanceNanos })
  }
  lines.sort((a, b) => listedKinds.indexOf(a.kind) - listedKinds.indexOf(b.kind))
  return { month, opening, lines, closing, bounds }
}
