import { logAdmin } from '../../admin/admin.server.ts'
import { cancelCodes, readBatch } from '../../payments/payments.server.ts'
import type { Context } from '../context.ts'
import { done, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { listVerb, noSuchBatch, redeemedVerb } from './list.ts'
import { makeVerb } from './make.ts'

async function cancel(
  { pool, actor }: Context,
  batchId: number,
  codeId: number | null,
): Promise<VerbResult> {
  if (!(await readBatch(pool, batchId))) return noSuchBatch(batchId)
  const changed = await pool.transact(async (db) => {
    const isNew = await cancelCodes(db, batchId, codeId)
    const detail = codeId === null ? null : { number: codeId }
    const subject = `codes ${batchId}`
    if (isNew) await logAdmin(db, { actor, action: 'codes cancel', subject, detail })
    return isNew
  })
  const what = codeId === null ? `Batch ${batchId}` : `Code ${codeId} of batch ${batchId}`
  const words = changed
    ? 'is canceled: nobody redeems it any more. What was redeemed stays.'
    : 'was canceled before, or is not there. Nothing was changed.'
  return done({ batch: batchId, number: codeId, changed }, `${what} ${words}`)
}

const cancelVerb: Verb = {
  usage: 'codes cancel <batch> [--number N]',
  does: 'Cancel what is left of a batch of codes, or the one code of that number',
  prepare(args) {
    const batchId = args.whole('batch', 0)
    const codeId = args.whole('number', null)
    return (context) => cancel(context, batchId, codeId)
  },
}

export const codeVerbs = [makeVerb, listVerb, redeemedVerb, cancelVerb]
