import { run, type Db, type Row } from '../db/db.server.ts'

/**
 * What an account pays, in basis points of the price, and the models it may call as a list in JSON,
 * null for all. For showing: a reservation reads both below the account's lock.
 */
export const readBuyer = (
  db: Db,
  accountId: number,
): Promise<Row<'accounts/read-buyer'> | undefined> =>
  run(db, 'accounts/read-buyer', { id: accountId })
