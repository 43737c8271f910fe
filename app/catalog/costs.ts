import { run, type Db } from '../db/db.server.ts'
import type { CostOf } from '../ledger/ledger.server.ts'
import { costOf } from './pricing.ts'
import { plainPoints, Terms, termsAt } from './terms.ts'

/** What units cost by each price row there is or has been, for those who recompute the books. */
export async function readCosts(db: Db): Promise<Map<number, CostOf>> {
  const rows: { id: number; terms: string }[] = [
    ...(await run(db, 'catalog/list-prices', {})),
    // Where a model is sold at a multiple of what it costs, this is what it is charged by.
    ...(await run(db, 'catalog/list-cost-terms', {})),
  ]
  return new Map(
    rows.map(({ id, terms: text }): [number, CostOf] => {
      const terms = Terms.parse(JSON.parse(text))
      return [
        id,
        (units, { serviceTier, startedAt, priceFactor, accountFactor }) =>
          costOf(termsAt(terms, startedAt), units, serviceTier, {
            priceFactor: priceFactor ?? plainPoints,
            accountFactor: accountFactor ?? plainPoints,
          }),
      ]
    }),
  )
}

/** What single upstreams charge for a model by rows of their own, the newest of each first. */
export async function readOwnCosts(db: Db, model: string) {
  const rows = await run(db, 'catalog/list-own-costs', { model })
  return rows.map(({ scope, terms, ...row }) => ({
    ...row,
    upstream: scope.slice('upstream:'.length),
    terms: Terms.parse(JSON.parse(terms)),
  }))
}
