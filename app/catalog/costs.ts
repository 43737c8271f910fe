import { run, type Db } from '../db/db.server.ts'
import type { CostOf } from '../ledger/ledger.server.ts'
import { costOf } from './pricing.ts'
import { Terms } from './terms.ts'

/** What units cost by each price row there is or has been, for those who recompute the books. */
export async function readCosts(db: Db): Promise<Map<number, CostOf>> {
  const rows = await run(db, 'catalog/list-prices', {})
  return new Map(
    rows.map(({ id, terms: text }): [number, CostOf] => {
      const terms = Terms.parse(JSON.parse(text))
      return [id, (units, tier) => costOf(terms, { ...units, ...unsourced }, tier)]
    }),
  )
}

/** Where figures come from has no price. */
const unsourced = { source: 'none', flag: null } as const
