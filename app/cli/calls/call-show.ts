import { formatCallId, parseCallId } from '../../values/call-id.ts'
import { plainFactor } from '../../values/factors.ts'
import { formatUsd } from '../../values/money.ts'
import {
  chargedWords,
  flagWords,
  holdNotes,
  howItEnded,
  sourceWords,
  unitNames,
  unknownWords,
  waivedWords,
} from '../../ui/account/receipt-words.ts'
import { findCall, itemizeCall, type Receipt } from '../../usage/usage.server.ts'
import { callDocument } from './calls.ts'
import { done, facts, money, refused, table, timeText, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

const usd = (nanos: number) => `$${formatUsd(nanos)}`
const msText = (ms: number | null) => (ms === null ? null : `${ms} ms`)

/** Who made the call, where it went and how it ended: the lines of its page, and the operator's own. */
function whatHappened({ call }: Receipt): string {
  const ends = call.keyPrefix === null ? '' : ` ${call.keyPrefix}…${call.keyLastFour}`
  return facts({
    'Request id': formatCallId(call.id),
    Account: call.accountId,
    Key: `No. ${call.keyId}, ${call.keyName ?? 'gone'}${ends}`,
    Model: call.model,
    'Answered by': call.otherModel,
    Began: timeText(call.startedAt),
    Ended: timeText(call.endedAt),
    'First byte after': msText(call.firstByteMs),
    Took: msText(call.totalMs),
    Answered: call.streamed === 1 ? 'as a stream' : 'in one piece',
    Status: `${call.statusCode}${call.errorCode ? `, ${call.errorCode}` : ''}`,
    Outcome: `${call.outcome}: ${howItEnded[call.outcome]}`,
    'Service tier': call.serviceTier,
    Upstream: call.upstream ?? (call.attempts > 0 ? 'did not answer' : 'not asked'),
    'Key there': call.upstreamKey,
    'The provider answered': call.upstreamStatus,
    'The provider’s code': call.upstreamCode,
    'Request id of the upstream': call.upstreamRequestId,
    Attempts: call.attempts,
    'Retry of the client': call.clientRetry > 0 ? `No. ${call.clientRetry}` : null,
    Client: call.client,
  })
}

function whereItWent({ tries }: Receipt): string[] {
  if (tries.length === 0) return []
  const heads = ['attempt', 'upstream', 'key', 'status', 'code', 'ms', 'charged', 'its request id']
  const rows = tries.map(({ upstream, key, status, code, id, ms, charged }, at) => {
    return [at + 1, upstream, key, status, code, ms, chargedWords(charged), id]
  })
  return [table(heads, rows)]
}

function whatItCost(receipt: Receipt): string {
  const { call } = receipt
  const itemized = itemizeCall(receipt)
  const lines: string[] = []
  if (typeof itemized !== 'string') {
    const rows = itemized.items.map(({ unit, count, price, per, amount }) => [
      unitNames[unit],
      count,
      per === 'a million' ? price : `${price} ${per}`,
      amount,
    ])
    lines.push(table(['what', 'count', 'USD a million', 'USD'], rows))
    const { reasoningInside, account, sum, isRounded } = itemized
    if (reasoningInside > 0) lines.push(`${reasoningInside} tokens of the output are reasoning.`)
    if (account) lines.push(`Sum ${sum}, times ${account.times} for the account ${account.sum}.`)
    if (isRounded) lines.push(`Sum ${account?.sum ?? sum}, rounded up once.`)
  }
  lines.push(`Cost ${usd(call.costNanos)}`, sourceWords[call.usageSource])
  if (call.usageFlag) lines.push(`Flagged ${call.usageFlag}: ${flagWords[call.usageFlag]}`)
  if (typeof itemized === 'string')
    return [...lines, `Price ${call.priceId} ${unknownWords[itemized]}`].join('\n')
  const since = call.priceFrom ? `, in force since ${call.priceFrom.toISOString()}` : ''
  const at = itemized.when === null ? '' : `, at ${itemized.when} UTC`
  const upTo =
    itemized.upToInputTokens === null
      ? ''
      : `, for calls of up to ${itemized.upToInputTokens} input tokens`
  const times =
    itemized.multiplier === 1 ? '' : `, times ${itemized.multiplier} for ${call.serviceTier}`
  const sale =
    call.priceFactor === null ? '' : `, times ${call.priceFactor / plainFactor} for the sale`
  return [...lines, `Price ${call.priceId}${since}${at}${upTo}${times}${sale}.`].join('\n')
}

function howItWasPaid({ call, entries }: Receipt): string {
  const chargedNanos = call.planNanos + call.balanceNanos
  const paid = facts({
    'Held before the call': usd(call.holdNanos),
    'The hold covers': `${call.outputTokensMax} tokens of output`,
    Charged: usd(chargedNanos),
    'from the plan': usd(call.planNanos),
    'from the balance': usd(call.balanceNanos),
    Released: usd(call.holdNanos - chargedNanos),
    'Beyond the hold, not charged': call.overrunNanos === 0 ? null : usd(call.overrunNanos),
    [waivedWords]: call.waivedNanos === 0 ? null : usd(call.waivedNanos),
    'The provider charges': call.upstreamNanos === null ? null : usd(call.upstreamNanos),
  })
  const note = holdNotes[call.outcome]
  const booked = entries.map(
    ({ seq, createdAt, planAfterNanos, balanceAfterNanos }) =>
      `Ledger entry No. ${seq}, booked ${timeText(createdAt)}: ` +
      `plan after it ${usd(planAfterNanos)}, balance after it ${usd(balanceAfterNanos)}.`,
  )
  return [paid, ...(note ? [note] : []), ...booked].join('\n')
}

function receiptOf(receipt: Receipt): VerbResult {
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

type Found = NonNullable<Awaited<ReturnType<typeof findCall>>>

function found(id: string, call: Found): VerbResult {
  if (call.state === 'ended') return receiptOf(call.receipt)
  if (call.state === 'open') {
    const { accountId, keyId, model, planNanos, balanceNanos, startedAt } = call.hold
    const holdNanos = planNanos + balanceNanos
    return done(
      {
        state: call.state,
        id,
        account_id: accountId,
        key_id: keyId,
        model,
        ...money('hold', holdNanos),
        started_at: timeText(startedAt),
      },
      `Call ${id} of account ${accountId} (key ${keyId}, ${model}) has not ended: it holds ` +
        `${usd(holdNanos)} since ${timeText(startedAt)}.`,
    )
  }
  const entries = call.entries.map(({ accountId, seq, kind, createdAt, ...entry }) => ({
    account_id: accountId,
    seq,
    kind,
    ...money('plan', entry.planNanos),
    ...money('balance', entry.balanceNanos),
    created_at: timeText(createdAt),
  }))
  const lines = entries.map(
    (entry) =>
      `Account ${entry.account_id}, entry No. ${entry.seq} of ${entry.created_at}: ` +
      `plan ${entry.plan_usd}, balance ${entry.balance_usd}.`,
  )
  const text = [`The row of call ${id} was dropped by retain; its charge is kept.`, ...lines]
  return done({ state: call.state, id, entries }, text.join('\n'))
}

export const callShowVerb: Verb = {
  usage: 'call show <call>',
  does:
    'The receipt of one call, by its id, which is the x-request-id that its client was told: how it ' +
    'ended and why, what it cost line by line, and how that was paid',
  isReading: true,
  prepare(args) {
    const text = args.text('call', '').toLowerCase()
    const id = parseCallId(text)
    if (text && !id) args.problems.push('call must be the id of a call')
    return async ({ pool }) => {
      // What cannot be parsed is a problem, and then this does not run.
      const call = await findCall(pool, id!)
      if (call) return found(text, call)
      return refused(
        'no_such_call',
        `There is no call ${text}. A request that was refused before a hold has no row: with ` +
          'LOG_LEVEL=debug the log has a line "refused" with its request id, key and code.',
      )
    }
  },
}
