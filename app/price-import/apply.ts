import { createHash } from 'node:crypto'
import { logAdmin } from '../admin/admin.server.ts'
import { storedTerms } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import type { Read } from './listed.ts'
import { entriesOf, knownsOf, planOf, scopeOf, type Entry, type Plan, type Wanted } from './plan.ts'

/** A list that has been read, with where it came from. */
export type List = Read & { source: string; digest: string }

const planned = async (db: Db, list: List, now: Date, wanted: Wanted): Promise<Plan> =>
  planOf(list, knownsOf(await run(db, 'price-import/list-rows', {})), now, wanted)

/** What a list would change of the prices that are known; nothing is written. */
export const planImport = (pool: Pool, list: List, now: Date, wanted: Wanted): Promise<Plan> =>
  planned(pool, list, now, wanted)

/** Where the list came from, with as much of its digest as tells it from all others. */
const sourceOf = ({ source, digest }: List) =>
  `${source.slice(0, 120)} sha256:${digest.slice(0, 32)}`

const rowsOf = (entries: Entry[], source: string, actor: string) =>
  entries.flatMap(({ provider, model, rows }) =>
    rows.map(({ effectiveFrom, terms, contextTokens, outputTokensMax }) => ({
      scope: scopeOf(provider),
      model,
      effectiveFrom,
      terms: JSON.stringify(storedTerms(terms)),
      contextTokens,
      outputTokensMax,
      source,
      actor,
    })),
  )

type Order = {
  now: Date
  wanted: Wanted
  actor: string
  /** Why everything that is held back was let through, where it was. */
  reason: string | null
}

/**
 * Writes what the plan says and nothing else, in one transaction. Whoever has added prices since
 * the plan was made goes before: the answer is then 'moved', and nothing is written. Two at once
 * meet at one unique key.
 */
export async function applyImport(
  pool: Pool,
  list: List,
  { now, wanted, actor, reason }: Order,
): Promise<{ plan: Plan; outcome: 'written' | 'nothing' | 'moved' }> {
  const { id } = await run(pool, 'price-import/read-last', {})
  const plan = await planImport(pool, list, now, wanted)
  const rows = rowsOf(entriesOf(plan), sourceOf(list), actor)
  if (rows.length === 0) return { plan, outcome: 'nothing' }
  const digest = createHash('sha256').update(`cost prices after ${id}`).digest()
  const result = await pool.transact(async (db) => {
    if ((await run(db, 'price-import/claim', { digest })) === 0) return rollBack('moved')
    // Read behind the claim: nobody who came before can still be writing.
    if ((await run(db, 'price-import/read-last', {})).id !== id) return rollBack('moved')
    for (let at = 0; at < rows.length; at += limits.priceLists.rowsAtOnce) {
      const some = rows.slice(at, at + limits.priceLists.rowsAtOnce)
      await run(db, 'price-import/insert-rows', { rows: some })
    }
    const detail = { digest: list.digest, rows: rows.length, accepted: reason ?? wanted.accepted }
    const subject = `list ${list.source}`
    await logAdmin(db, { actor, action: 'price import', subject, detail })
    return true
  })
  return { plan, outcome: isRolledBack(result) ? 'moved' : 'written' }
}
