import { limits } from '../../config/limits.ts'
import { run, type Db } from '../../db/db.server.ts'
import { digestOfCode, newCode } from './code-text.ts'

export type NewBatch = {
  name: string
  /** What each code is worth, where it is no plan. */
  valueNanos: number
  /** The plan that each code gives, and for how many months. */
  plan: { planId: number; months: number } | null
  /** How many codes. */
  codes: number
  /** How many accounts may redeem each, one a person. */
  uses: number
  expiresAt: Date | null
  actor: string
}

/** A code as it is printed, once, and the number that it is known by from then on. */
export type MadeCode = { id: number; code: string }

/**
 * Makes a batch of codes, within the caller's transaction. The codes are in this answer and nowhere
 * else: a process that dies before it has printed them leaves a batch to be canceled.
 */
export async function makeCodes(
  db: Db,
  { plan, ...batch }: NewBatch,
): Promise<{ batchId: number; codes: MadeCode[] }> {
  const { planId = null, months = null } = plan ?? {}
  const batchId = await run(db, 'payments/codes/insert-batch', { ...batch, planId, months })
  const codes = Array.from({ length: batch.codes }, newCode)
  const { rowsAtOnce } = limits.codes
  for (let from = 0; from < codes.length; from += rowsAtOnce) {
    const rows = codes.slice(from, from + rowsAtOnce)
    await run(db, 'payments/codes/insert-codes', {
      codes: rows.map((code) => ({
        batchId,
        digest: digestOfCode(code),
        usesLeft: batch.uses,
      })),
    })
  }
  const numbers = new Map(
    (await run(db, 'payments/codes/list-numbers', { batchId })).map(({ id, digest }) => [
      digest.toString('hex'),
      id,
    ]),
  )
  const numbered = codes.map((code) => ({
    // Each was written a moment ago, in this transaction.
    id: numbers.get(digestOfCode(code).toString('hex'))!,
    code,
  }))
  return { batchId, codes: numbered.sort((a, b) => a.id - b.id) }
}
