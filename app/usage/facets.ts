import { run, type Db } from '../db/db.server.ts'
import type { Outcome } from '../values/outcomes.ts'
import { everything, rangeParams, rollupParams, type Filter } from './filter.ts'

export type Facets = {
  models: { model: string; calls: number }[]
  keys: { keyId: number; name: string; calls: number }[]
  statusCodes: { statusCode: number; calls: number }[]
  outcomes: { outcome: Outcome; calls: number }[]
}

/** What the calls of a range of days can be narrowed by, with how many there are of each. */
export async function facets(
  db: Db,
  accountId: number,
  { userId, ...days }: Pick<Filter, 'from' | 'to' | 'userId' | 'zone'>,
): Promise<Facets> {
  const params = { accountId, ...rangeParams(days), ...rollupParams({ ...everything, userId }) }
  const [rows, keys] = await Promise.all([
    run(db, 'usage/sum-combinations', params),
    run(db, 'usage/name-keys', { accountId }),
  ])
  const names = new Map(keys.map(({ id, name }) => [id, name]))
  const count = <T>(of: (row: (typeof rows)[number]) => T) => {
    const counts = new Map<T, number>()
    for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + (row.calls ?? 0))
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  }
  return {
    models: count((row) => row.model).map(([model, calls]) => ({ model, calls })),
    keys: count((row) => row.keyId).map(([keyId, calls]) => ({
      keyId,
      name: names.get(keyId) ?? '',
      calls,
    })),
    statusCodes: count((row) => row.statusCode).map(([statusCode, calls]) => ({
      statusCode,
      calls,
    })),
    outcomes: count((row) => row.outcome).map(([outcome, calls]) => ({ outcome, calls })),
  }
}
