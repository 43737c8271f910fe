import { formatCallId } from '../values/call-id.ts'
import type { ListedCall } from '../usage/usage.server.ts'

/** A call as lists of calls show it. */
export const callRow = (call: ListedCall) => ({
  id: formatCallId(call.id),
  startedAt: call.startedAt,
  keyName: call.keyName,
  model: call.model,
  statusCode: call.statusCode,
  outcome: call.outcome,
  errorCode: call.errorCode,
  inputTokens: call.inputTokens,
  outputTokens: call.outputTokens,
  totalMs: call.totalMs,
  costNanos: call.costNanos,
})
