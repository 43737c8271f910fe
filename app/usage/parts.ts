import { run, type Db } from '../db/db.server.ts'
import { facetsOf, type Facets } from './facets.ts'
import { everything, rangeParams, rollupParams, type Filter } from './filter.ts'
import { readCombinations, type Combination } from './combinations.ts'
import { addUp, type Sums } from './sums.ts'

const measures = ['calls', 'inputTokens', 'outputTokens', 'costNanos'] as const
type PartSums = Record<(typeof measures)[number], number>

/** What is told apart may have several lines, of days that are folded and of the rest. */
function sumBy<Line extends Record<keyof PartSums, number | null>, Id>(
  lines: Line[],
  idOf: (line: Line) => Id,
): [Id, PartSums][] {
  const sums = new Map<Id, PartSums>()
  for (const line of lines) {
    const id = idOf(line)
    const sum = sums.get(id) ?? { calls: 0, inputTokens: 0, outputTokens: 0, costNanos: 0 }
    for (const name of measures) sum[name] += line[name] ?? 0
    sums.set(id, sum)
  }
  return [...sums].sort(([, a], [, b]) => b.costNanos - a.costNanos || b.calls - a.calls)
}

type ModelSums = PartSums & { model: string }
type KeySums = PartSums & { keyId: number }

/** What the calls of a filter come to by model, the dearest first. Exact, like `sumUsage`. */
export async function sumModels(db: Db, accountId: number, filter: Filter): Promise<ModelSums[]> {
  const params = { accountId, ...rangeParams(filter), ...rollupParams(filter) }
  const rows = await run(db, 'usage/sum-models', params)
  return sumBy(rows, ({ model }) => model).map(([model, sums]) => ({ model, ...sums }))
}

function fits({ model, keyId, outcome, ...filter }: Filter) {
  const { statusLeast, statusMost } = rollupParams({ ...everything, ...filter })
  return (it: Combination) =>
    (model === null || it.model === model) &&
    (keyId === null || it.keyId === keyId) &&
    (outcome === null || it.outcome === outcome) &&
    it.statusCode >= statusLeast &&
    it.statusCode <= statusMost
}

/**
 * What the calls of a filter come to in all, and by model and by key, the dearest first; and what
 * the calls of its days can be narrowed by. Exact, and all of one moment: it is one reading of the
 * rollups.
 */
export async function sumParts(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<{ totals: Sums; models: ModelSums[]; keys: KeySums[]; facets: Facets }> {
  const { from, to, zone, userId } = filter
  const [all, named] = await Promise.all([
    readCombinations(db, accountId, { ...everything, from, to, zone, userId }),
    run(db, 'usage/name-keys', { accountId }),
  ])
  const shown = all.filter(fits(filter))
  return {
    totals: addUp(shown),
    models: sumBy(shown, ({ model }) => model).map(([model, sums]) => ({ model, ...sums })),
    keys: sumBy(shown, ({ keyId }) => keyId).map(([keyId, sums]) => ({ keyId, ...sums })),
    facets: facetsOf(all, new Map(named.map(({ id, name }) => [id, name]))),
  }
}

/** The first of some sums, and all others together, so that the lines still add up. */
export function foldRest<T extends PartSums>(
  sums: T[],
  most: number,
): { first: T[]; rest: (PartSums & { others: number }) | null } {
  if (sums.length <= most) return { first: sums, rest: null }
  const others = sums.slice(most - 1)
  const sum = (name: keyof PartSums) => others.reduce((total, row) => total + row[name], 0)
  const rest = {
    others: others.length,
    calls: sum('calls'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costNanos: sum('costNanos'),
  }
  return { first: sums.slice(0, most - 1), rest }
}
