import type { Db } from '../db/db.server.ts'
import { formatCallId } from '../values/call-id.ts'
import { formatUsd } from '../values/money.ts'
import { readOtherUnits } from '../values/other-units.ts'
import { unitCodes, type OtherUnits } from '../values/units.ts'
import type { Filter } from './filter.ts'
import type { ListedCall } from './list.ts'
import { streamCalls, type InTurn } from './stream-calls.ts'

const withCodes = (units: OtherUnits = {}) =>
  Object.fromEntries(
    Object.entries(units).map(([unit, count]) => [unitCodes[unit as keyof OtherUnits], count]),
  )

/** By the names that `/v1/calls/ID` has for the same; amounts are text, because they are exact. */
const toLine = (call: ListedCall) =>
  `${JSON.stringify({
    id: formatCallId(call.id),
    began_at: call.startedAt.toISOString(),
    ended_at: call.endedAt.toISOString(),
    key: { id: call.keyId, name: call.keyName },
    model: call.model,
    status: call.statusCode,
    error_code: call.errorCode,
    outcome: call.outcome,
    streamed: call.streamed === 1,
    first_byte_ms: call.firstByteMs,
    total_ms: call.totalMs,
    source: call.usageSource,
    input_tokens: call.inputTokens,
    cached_input_tokens: call.cachedTokens,
    cache_write_tokens: call.cacheWriteTokens,
    output_tokens: call.outputTokens,
    reasoning_tokens: call.reasoningTokens,
    other_units: withCodes(readOtherUnits(call.otherUnits)),
    cost_usd: formatUsd(call.costNanos),
    charged_to_plan_usd: formatUsd(call.planNanos),
    charged_to_balance_usd: formatUsd(call.balanceNanos),
    client: call.client,
  })}\n`

/** The calls of a filter, newest first, an object of JSON a line, in pieces of `streamCalls`. */
export const streamJsonLines = (db: Db, accountId: number, filter: Filter, inTurn?: InTurn) =>
  streamCalls(db, { accountId, filter }, toLine, inTurn)
