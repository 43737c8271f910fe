import { Terms } from '../catalog/catalog.server.ts'
import { run, type Db, type Row } from '../db/db.server.ts'

export type Receipt = {
  call: Omit<Row<'usage/read-call'>, 'terms'>
  /** The prices the call was let in with; null where their row is gone. */
  terms: Terms | null
  /** Its charge in the ledger, with the balances it left; none where it cost nothing. */
  entries: Row<'usage/list-entries'>[]
}

/** One call with all that its cost follows from; undefined where the account has no such call. */
export async function readCall(
  db: Db,
  accountId: number,
  callId: Uint8Array,
): Promise<Receipt | undefined> {
  const [row, entries] = await Promise.all([
    run(db, 'usage/read-call', { accountId, id: callId }),
    run(db, 'usage/list-entries', { accountId, callId }),
  ])
  if (!row) return undefined
  const { terms, ...call } = row
  return { call, terms: terms === null ? null : Terms.parse(JSON.parse(terms)), entries }
}
