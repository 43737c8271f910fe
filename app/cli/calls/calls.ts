import { formatCallId, parseCallId } from '../../values/call-id.ts'
import { formatUsd } from '../../values/money.ts'
import { outcomes } from '../../values/outcomes.ts'
import { listRecentCalls, type RecentCall } from '../../usage/usage.server.ts'
import { done, money, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

/** A call as programs read it. */
export const callDocument = (call: RecentCall) => ({
  id: formatCallId(call.id),
  started_at: timeText(call.startedAt),
  ended_at: timeText(call.endedAt),
  account_id: call.accountId,
  key_id: call.keyId,
  model: call.model,
  status: call.statusCode,
  outcome: call.outcome,
  error_code: call.errorCode,
  streamed: call.streamed === 1,
  upstream: call.upstream,
  upstream_status: call.upstreamStatus,
  upstream_code: call.upstreamCode,
  input_tokens: call.inputTokens,
  cached_tokens: call.cachedTokens,
  cache_write_tokens: call.cacheWriteTokens,
  output_tokens: call.outputTokens,
  reasoning_tokens: call.reasoningTokens,
  usage_source: call.usageSource,
  usage_flag: call.usageFlag,
  other_model: call.otherModel,
  price_id: call.priceId,
  ...money('cost', call.costNanos),
  ...money('hold', call.holdNanos),
  ...money('from_plan', call.planNanos),
  ...money('from_balance', call.balanceNanos),
  ...money('overrun', call.overrunNanos),
  ...money('waived', call.waivedNanos),
  first_byte_ms: call.firstByteMs,
  total_ms: call.totalMs,
  attempts: call.attempts,
  client: call.client,
})

/**
 * An expired key of the operator's must not look like an outage: what the upstream said is told
 * here, where only operators look, also where the client was told something else.
 */
const statusOf = ({ statusCode, upstreamStatus }: RecentCall) =>
  upstreamStatus === null || upstreamStatus === 200 || upstreamStatus === statusCode
    ? statusCode
    : `${statusCode} (upstream ${upstreamStatus})`

const rowOf = (call: RecentCall) => [
  formatCallId(call.id),
  timeText(call.startedAt),
  call.accountId,
  call.keyId,
  call.model,
  statusOf(call),
  call.outcome,
  call.inputTokens,
  call.outputTokens,
  formatUsd(call.costNanos),
  call.totalMs,
  call.client,
]
const heads = [
  'call',
  'started',
  'account',
  'key',
  'model',
  'status',
  'outcome',
  'in',
  'out',
  'cost USD',
  'ms',
  'client',
]

export const callVerbs: Verb[] = [
  {
    usage: 'calls [--account ID] [--model NAME] [--status STATUS] [--limit N] [--before CALL]',
    does: `Recent calls, newest first; STATUS is a number or one of ${outcomes.join(', ')}`,
    isReading: true,
    prepare(args) {
      const status = args.text('status', null)
      const statusCode = status !== null && /^[1-5]\d\d$/.test(status) ? Number(status) : null
      const outcome = statusCode === null ? (outcomes.find((it) => it === status) ?? null) : null
      if (status !== null && statusCode === null && outcome === null)
        args.problems.push(`status must be a number such as 200, or one of ${outcomes.join(', ')}`)
      const beforeText = args.text('before', null)
      const before = beforeText === null ? null : parseCallId(beforeText)
      if (before === undefined) args.problems.push('before must be the id of a call')
      const filter = {
        before: before ?? null,
        accountId: args.whole('account', null),
        model: args.text('model', null),
        statusCode,
        outcome,
        rows: args.whole('limit', 20, 1, 1_000),
      }
      return async ({ pool }) => {
        const calls = await listRecentCalls(pool, filter)
        const last = calls.length === filter.rows ? calls.at(-1) : undefined
        const nextBefore = last ? formatCallId(last.id) : null
        const more = nextBefore === null ? '' : `\nMore: --before ${nextBefore}`
        const document = { calls: calls.map(callDocument), next_before: nextBefore }
        return done(document, table(heads, calls.map(rowOf)) + more)
      }
    },
  },
]
