import { run, type Db } from '../db/db.server.ts'
import type { CostOf } from '../ledger/ledger.server.ts'
import { addTo } from '../values/groups.ts'
import { inForce, type PriceRow } from './price-rows.ts'
import { costOf } from './pricing.ts'
import { plainPoints, readTerms, termsAt } from './terms.ts'

/**
 * What units cost by each price row there is or has been, for those who recompute the books. A row
 * that cannot be read is as none: who was charged by it is named by them.
 */
export async function readCosts(db: Db): Promise<Map<number, CostOf>> {
  const rows: { id: number; terms: string }[] = [
    ...(await run(db, 'catalog/list-prices', {})),
    // Where a model is sold at a multiple of what it costs, this is what it is charged by.
    ...(await run(db, 'catalog/list-cost-terms', {})),
  ]
  return new Map(
    rows.flatMap(({ id, terms: text }): [number, CostOf][] => {
      const terms = readTerms(text)
      if (!terms) return []
      const costsOf: CostOf = (units, { serviceTier, startedAt, priceFactor, accountFactor }) =>
        costOf(termsAt(terms, startedAt), units, serviceTier, {
          priceFactor: priceFactor ?? plainPoints,
          accountFactor: accountFactor ?? plainPoints,
        })
      return [[id, costsOf]]
    }),
  )
}

/** What single upstreams charge for a model by rows of their own, the newest of each first. */
export async function readOwnCosts(db: Db, model: string) {
  const rows = await run(db, 'catalog/list-own-costs', { model })
  return rows.map(({ scope, terms, ...row }) => ({
    ...row,
    upstream: scope.slice('upstream:'.length),
    terms: readTerms(terms),
  }))
}

/** Whether anything of a published list of this name has been taken in. */
export const hasCostList = async (db: Db, list: string): Promise<boolean> =>
  (await run(db, 'catalog/list-costs-of-scope', { scope: `list:${list}` })).length > 0

/** The models for which an upstream has a price of its own that is in force, or is to come. */
export async function ownCostModels(db: Db, upstream: string, now: Date): Promise<string[]> {
  const prices = new Map<string, Omit<PriceRow, 'id'>[]>()
  const rows = await run(db, 'catalog/list-costs-of-scope', { scope: `upstream:${upstream}` })
  for (const { model, terms, effectiveFrom } of rows)
    addTo(prices, model, { effectiveFrom, terms: readTerms(terms) })
  const isOwn = (all: readonly Omit<PriceRow, 'id'>[]) =>
    inForce(all, now) !== undefined ||
    all.some(({ effectiveFrom, terms }) => effectiveFrom > now && !terms?.ended)
  return [...prices].flatMap(([model, all]) => (isOwn(all) ? [model] : []))
}
