import { itemizeCall, leftFor, type Receipt } from '../../usage/usage.server.ts'
import { plainFactor } from '../../values/factors.ts'
import { done, money, timeText, type VerbResult } from '../verb-result.ts'
import { callDocument } from './calls.ts'
import { howItWasPaid } from './how-it-was-paid.ts'
import { whatHappened, whereItWent } from './what-happened.ts'
import { whatItCost } from './what-it-cost.ts'

/** All that is known of a call that has ended. */
export function receiptOf(receipt: Receipt): VerbResult {
  const { call, entries } = receipt
  const found = itemizeCall(receipt)
  const itemized = typeof found === 'string' ? undefined : found
  const document = {
    state: 'ended',
    ...callDocument(call),
    key_name: call.keyName,
    key_shown: call.keyPrefix === null ? null : `${call.keyPrefix}…${call.keyLastFour}`,
    upstream_request_id: call.upstreamRequestId,
    upstream_key: call.upstreamKey,
    ...money('upstream', call.upstreamNanos),
    tries: receipt.tries,
    output_tokens_max: call.outputTokensMax,
    ...money('needed', call.neededNanos),
    ...money('left', leftFor(call)),
    service_tier: call.serviceTier,
    client_retry: call.clientRetry,
    price_from: timeText(call.priceFrom),
    items: itemized?.items ?? null,
    sum_usd: itemized?.sum ?? null,
    other_units: receipt.more,
    price_at: itemized?.when ?? null,
    price_factor: (call.priceFactor ?? plainFactor) / plainFactor,
    account_factor: (call.accountFactor ?? plainFactor) / plainFactor,
    entries: entries.map(({ seq, kind, createdAt, ...entry }) => ({
      seq,
      kind,
      ...money('plan', entry.planNanos),
      ...money('balance', entry.balanceNanos),
      ...money('plan_after', entry.planAfterNanos),
      ...money('balance_after', entry.balanceAfterNanos),
      created_at: timeText(createdAt),
    })),
  }
  const parts = [
    whatHappened(receipt),
    ...whereItWent(receipt),
    whatItCost(receipt),
    howItWasPaid(receipt),
  ]
  return done(document, parts.join('\n\n'))
}
