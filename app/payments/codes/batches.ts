import { run, type Db, type Row } from '../../db/db.server.ts'

export type Batch = Row<'payments/codes/list-batches'>

/** Batches with numbers below `before`, the newest first. */
export const listBatches = (db: Db, page: { before: number; rows: number }): Promise<Batch[]> =>
  run(db, 'payments/codes/list-batches', page)

/** Who has redeemed codes of a batch, from behind one of them on. */
export const listRedemptions = (
  db: Db,
  page: { batchId: number; afterCode: number; afterAccount: number; rows: number },
) => run(db, 'payments/codes/list-redemptions', page)

/** One batch; undefined where there is none of that number. */
export const readBatch = (db: Db, id: number) => run(db, 'payments/codes/read-batch', { id })

/**
 * Cancels a batch, or one code of it: from the commit on nobody redeems it any more. What was
 * redeemed stays. False where it was canceled before, or is not there.
 */
export async function cancelCodes(db: Db, batchId: number, codeId: number | null) {
  const changed =
    codeId === null
      ? await run(db, 'payments/codes/cancel-batch', { id: batchId })
      : await run(db, 'payments/codes/cancel-code', { batchId, id: codeId })
  return changed === 1
}

/** The codes that an account has redeemed, the newest first. */
export const listRedeemed = (db: Db, accountId: number, rows: number) =>
  run(db, 'payments/codes/list-redeemed', { accountId, rows })

/** What an account has had for a code; undefined where it has not redeemed it. */
export const findRedemption = (db: Db, accountId: number, codeId: number) =>
  run(db, 'payments/codes/find-redemption', { codeId, accountId })
