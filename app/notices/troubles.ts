import { limits } from '../config/limits.ts'
import { rollBack, run, type Pool } from '../db/db.server.ts'
import { writeNotice, type OperatorFact } from '../ledger/ledger.server.ts'
import type { BreakerReport } from '../upstreams/upstreams.server.ts'
import { oneByOne } from '../values/one-by-one.ts'

const { atOnceMax, calmSeconds, holdSecondsMax, lastingSeconds } = limits.notices.troubles

/** For which tests have no time. */
type Patience = { lastingSeconds: number; calmSeconds: number }

/**
 * Something is wrong as one relay sees it. Once it has lasted, one of all that see it has the
 * operator told; again only when it was over for a good while, as far as anybody saw.
 */
async function noteTrouble(
  db: Pool,
  subject: string,
  factOf: (since: Date) => OperatorFact,
  patience: Patience = { lastingSeconds, calmSeconds },
): Promise<void> {
  await run(db, 'notices/troubles/note', { subject, calmSeconds: patience.calmSeconds })
  await db.transact(async (within) => {
    const told = { subject, lastingSeconds: patience.lastingSeconds }
    if ((await run(within, 'notices/troubles/tell', told)) === 0) return rollBack('told, or new')
    const { since } = await run(within, 'notices/troubles/read', { subject })
    const about = `${subject} ${since.toISOString()}`
    await writeNotice(within, { about, accountId: null, fact: factOf(since) })
    return undefined
  })
}

/**
 * Upstreams that are left alone because they fail, and models that nobody serves because of that.
 * One that cannot be noted does not keep the others from it; its failure is thrown at the end.
 */
export async function noteOpen(
  db: Pool,
  reports: readonly BreakerReport[],
  unserved: readonly string[],
  patience?: Patience,
): Promise<void> {
  const isOpen = ({ state }: BreakerReport) => state === 'open' || state === 'trying'
  const open = [...new Set(reports.filter(isOpen).map(({ upstream }) => upstream))]
  const facts = [
    ...open
      .slice(0, atOnceMax)
      .map((upstream) => ({ subject: upstream, kind: 'upstream.open' as const, upstream })),
    ...unserved
      .slice(0, atOnceMax)
      .map((model) => ({ subject: model, kind: 'model.open' as const, model })),
  ]
  await oneByOne(facts, ({ subject, ...fact }) => {
    const factOf = (since: Date) => ({ ...fact, since: since.toISOString() })
    return noteTrouble(db, `${fact.kind} ${subject}`, factOf, patience)
  })
}

/** Holds that are older than any call may be: nobody has closed them, and nobody will. */
export async function noteOldHolds(db: Pool, seconds: number = holdSecondsMax): Promise<void> {
  const { holds, oldest } = await run(db, 'notices/troubles/count-old-holds', { seconds })
  if (!holds || !oldest) return
  await noteTrouble(
    db,
    'holds.old',
    () => ({ kind: 'holds.old', holds, oldest: oldest.toISOString() }),
    { lastingSeconds: 0, calmSeconds },
  )
}

/** The books differ, as somebody who has looked has found: told once for each time of looking. */
export const noteDifferences = (db: Pool, differences: number, now: Date): Promise<void> =>
  writeNotice(db, {
    about: `books.differ ${now.toISOString()}`,
    accountId: null,
    fact: { kind: 'books.differ', differences },
  })
