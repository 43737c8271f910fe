import { run, type Db } from '../db/db.server.ts'
import type { Outcome } from '../values/outcomes.ts'
import { rangeParams, rollupParams, type Filter } from './filter.ts'
import { addUp, type Sums } from './sums.ts'

/** One of what a filter can name, each with what its calls come to. */
export type Combination = Sums & {
  keyId: number
  model: string
  statusCode: number
  outcome: Outcome
}

/**
 * The combinations that the calls of a filter have, each once: it may be among the days that are
 * folded and among the rest.
 */
export async function readCombinations(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<Combination[]> {
  const params = { accountId, ...rangeParams(filter), ...rollupParams(filter) }
  const all = new Map<string, Combination>()
  for (const row of await run(db, 'usage/sum-combinations', params)) {
    const id = `${row.keyId} ${row.statusCode} ${row.outcome} ${row.model}`
    const known = all.get(id)
    all.set(id, { ...row, ...addUp(known ? [row, known] : [row]) })
  }
  return [...all.values()]
}
