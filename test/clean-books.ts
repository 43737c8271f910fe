import assert from 'node:assert/strict'
import type { Pool } from '../app/db/db.server.ts'
import { readCosts } from '../app/catalog/catalog.server.ts'
import { eventually } from '../dev/command/eventually.ts'
import type { Sql } from './sql.ts'
import { verify, type Verdict } from '../app/ledger/ledger.server.ts'

/** Runs `verify`: every balance, hold and total must follow from the rows it is made of. */
export async function expectCleanBooks(pool: Pool): Promise<Verdict> {
  const verdict = await verify(pool, readCosts)
  assert.deepEqual(verdict.differences, [])
  return verdict
}

/** Resolves when all calls have been settled: no hold is open any more. */
export const whenNothingIsHeld = (sql: Sql) =>
  eventually('no hold is open', async () => (await sql('select 1 from holds')).length === 0)
