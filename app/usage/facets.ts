import type { Outcome } from '../values/outcomes.ts'
import type { Combination } from './combinations.ts'

/** What the calls of a range of days can be narrowed by, with how many there are of each. */
export type Facets = {
  models: { model: string; calls: number }[]
  keys: { keyId: number; name: string; calls: number }[]
  statusCodes: { statusCode: number; calls: number }[]
  outcomes: { outcome: Outcome; calls: number }[]
}

/** Counts them; `names` has those of the keys. */
export function facetsOf(all: Combination[], names: Map<number, string>): Facets {
  const count = <T>(of: (row: Combination) => T) => {
    const counts = new Map<T, number>()
    for (const row of all) counts.set(of(row), (counts.get(of(row)) ?? 0) + row.calls)
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
