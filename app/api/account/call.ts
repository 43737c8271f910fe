import { Refused } from '../../errors/refusal.ts'
import type { ApiRequest } from '../../http/http.server.ts'
import { leftFor, readCall, toldReceipt } from '../../usage/usage.server.ts'
import { parseCallId } from '../../values/call-id.ts'
import { formatUsd } from '../../values/money.ts'
import { unitCodes } from '../../values/units.ts'
import type { KeyContext } from '../require-key.ts'
import { inSight } from './sight.ts'

type Told = ReturnType<typeof toldReceipt>
type Lines = Exclude<Told['itemized'], string>

const usdOf = (nanos: number | null) => (nanos === null ? null : formatUsd(nanos))

const ids = ({ call, id }: Told) => ({
  object: 'call',
  id,
  began_at: call.startedAt.toISOString(),
  ended_at: call.endedAt.toISOString(),
  key: { id: call.keyId, name: call.keyName },
  model: call.model,
  answered_by: call.otherModel,
  service_tier: call.serviceTier,
})

const ending = ({ call, tries }: Told) => ({
  status: call.statusCode,
  error_code: call.errorCode,
  outcome: call.outcome,
  streamed: call.streamed === 1,
  first_byte_ms: call.firstByteMs,
  total_ms: call.totalMs,
  upstream: call.upstream,
  upstream_request_id: call.upstreamRequestId,
  attempts: call.attempts,
  tries: tries.map(({ charged, ...tried }) => ({ ...tried, billed: charged })),
})

const usage = ({ call }: Told) => ({
  source: call.usageSource,
  flag: call.usageFlag,
  input_tokens: call.inputTokens,
  cached_input_tokens: call.cachedTokens,
  cache_write_tokens: call.cacheWriteTokens,
  output_tokens: call.outputTokens,
  reasoning_tokens: call.reasoningTokens,
})

/** The lines whose exact sum, times what the account pays of it, rounded up once, is the cost. */
const lines = ({ items, multiplier, account, sum, when, upToInputTokens }: Lines) => ({
  items: items.map(({ unit, count, price, per, amount }) => ({
    unit: unitCodes[unit],
    count,
    price_usd: price,
    per,
    amount_usd: amount,
  })),
  sum_usd: sum,
  service_tier_factor: multiplier,
  account_factor: account?.times ?? 1,
  hours: when,
  up_to_input_tokens: upToInputTokens,
})

const money = ({ call, chargedNanos, releasedNanos, entries }: Told) => ({
  cost_usd: formatUsd(call.costNanos),
  held_usd: formatUsd(call.holdNanos),
  charged_usd: formatUsd(chargedNanos),
  charged_to_plan_usd: formatUsd(call.planNanos),
  charged_to_balance_usd: formatUsd(call.balanceNanos),
  released_usd: formatUsd(releasedNanos),
  beyond_the_hold_usd: formatUsd(call.overrunNanos),
  needed_usd: usdOf(call.neededNanos),
  left_usd: usdOf(leftFor(call)),
  ledger_entries: entries.map(({ seq, createdAt, planAfterNanos, balanceAfterNanos }) => ({
    number: seq,
    booked_at: createdAt.toISOString(),
    plan_after_usd: formatUsd(planAfterNanos),
    balance_after_usd: formatUsd(balanceAfterNanos),
  })),
})

/**
 * `GET /v1/calls/{id}`: the receipt of a call that has ended, by its `x-request-id`. Throws `Refused`
 * where there is none that this key may see, whoever else's it is.
 */
export const showCall = (request: ApiRequest, text: string, context: KeyContext) =>
  inSight(request, context, async ({ accountId, keyId, userId, seesMoney, seesCap }) => {
    const id = parseCallId(text)
    const { db } = context.services
    const receipt = id && (await readCall(db, accountId, id, userId))
    if (!receipt || (keyId !== null && receipt.call.keyId !== keyId)) {
      const message = 'There is no call with this id that has ended and that this key may see.'
      throw new Refused('not_found', { message, param: 'id' })
    }
    const told = toldReceipt(receipt, { seesMoney, seesCap })
    const { itemized } = told
    return {
      ...ids(told),
      ...ending(told),
      usage: usage(told),
      // Null where the price, or what was used, cannot be read any more: the cost is what was booked.
      price: typeof itemized === 'string' ? null : lines(itemized),
      ...money(told),
    }
  })
