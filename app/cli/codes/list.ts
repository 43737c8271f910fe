import { limits } from '../../config/limits.ts'
import {
  listBatches,
  listRedemptions,
  readBatch,
  type Batch,
} from '../../payments/payments.server.ts'
import { formatUsdShort } from '../../values/money.ts'
import { done, money, refused, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

export const noSuchBatch = (id: number) =>
  refused('no_such_codes', `There is no batch of codes ${id}.`)

function stateOf({ canceledAt, isExpired, redeemed, codes, uses }: Batch): string {
  if (canceledAt) return 'canceled'
  if (isExpired) return 'expired'
  return (redeemed ?? 0) >= codes * uses ? 'used up' : 'usable'
}

const documentOf = (batch: Batch) => ({
  batch: batch.id,
  name: batch.name,
  state: stateOf(batch),
  ...money('value', batch.plan === null ? batch.valueNanos : null),
  plan: batch.plan,
  months: batch.months,
  codes: batch.codes,
  uses: batch.uses,
  redeemed: batch.redeemed ?? 0,
  expires_at: timeText(batch.expiresAt),
  canceled_at: timeText(batch.canceledAt),
  created_by: batch.createdBy,
  created_at: timeText(batch.createdAt),
})

const heads = ['batch', 'name', 'state', 'worth', 'codes', 'uses', 'redeemed', 'expires', 'made']

export const listVerb: Verb = {
  usage: 'codes list [--limit N] [--before BATCH]',
  does: 'Batches of codes, the newest first, with how often their codes were redeemed',
  isReading: true,
  prepare(args) {
    const rows = args.whole('limit', 100, 1, 1_000)
    const before = args.whole('before', Number.MAX_SAFE_INTEGER)
    return async ({ pool }) => {
      const batches = await listBatches(pool, { before, rows })
      const last = batches.length === rows ? (batches.at(-1)?.id ?? null) : null
      const lines = batches.map((batch) => [
        batch.id,
        batch.name,
        stateOf(batch),
        batch.plan === null ? formatUsdShort(batch.valueNanos) : `${batch.months} x ${batch.plan}`,
        batch.codes,
        batch.uses,
        batch.redeemed ?? 0,
        timeText(batch.expiresAt) ?? 'never',
        timeText(batch.createdAt),
      ])
      const more = last === null ? '' : `\nMore: --before ${last}`
      const document = { batches: batches.map(documentOf), next_before: last }
      return done(document, table(heads, lines) + more)
    }
  },
}

/** A place in a list of redemptions: the code's number, and the account's. */
const placeForm = /^(\d{1,15}):(\d{1,15})$/

export const redeemedVerb: Verb = {
  usage: 'codes redeemed <batch> [--limit N] [--after PLACE]',
  does: 'Who has redeemed codes of a batch, by the number that was printed beside each in the file',
  isReading: true,
  prepare(args) {
    const batchId = args.whole('batch', 0)
    const rows = args.whole('limit', 1_000, 1, limits.codes.batchMax)
    const wants = 'what the page before it ended with, such as 12:7'
    const after = args.text('after', '0:0', { form: placeForm, wants })
    return async ({ pool }) => {
      if (!(await readBatch(pool, batchId))) return noSuchBatch(batchId)
      const [, afterCode, afterAccount] = placeForm.exec(after) ?? []
      const place = { afterCode: Number(afterCode), afterAccount: Number(afterAccount) }
      const found = await listRedemptions(pool, { batchId, ...place, rows })
      const last = found.length === rows ? found.at(-1) : undefined
      const next = last ? `${last.codeId}:${last.accountId}` : null
      const lines = found.map(({ codeId, accountId, redeemedAt }) => [
        codeId,
        accountId,
        timeText(redeemedAt),
      ])
      const document = {
        batch: batchId,
        redeemed: found.map(({ codeId, accountId, redeemedAt }) => ({
          number: codeId,
          account_id: accountId,
          redeemed_at: timeText(redeemedAt),
        })),
        next_after: next,
      }
      const more = next === null ? '' : `\nMore: --after ${next}`
      return done(document, table(['number', 'account', 'redeemed'], lines) + more)
    }
  },
}
