import { chargedWords, howItEnded } from '../../ui/account/receipt-words.ts'
import type { Receipt } from '../../usage/usage.server.ts'
import { formatCallId } from '../../values/call-id.ts'
import { inEnglish } from '../../values/language/msg.ts'
import { facts, table, timeText } from '../verb-result.ts'

const msText = (ms: number | null) => (ms === null ? null : `${ms} ms`)

/** Who made the call, where it went and how it ended: the lines of its page, and the operator's own. */
export function whatHappened({ call }: Receipt): string {
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
    Outcome: `${call.outcome}: ${inEnglish(howItEnded[call.outcome])}`,
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

/** Each attempt, where there was more than one. */
export function whereItWent({ tries }: Receipt): string[] {
  if (tries.length === 0) return []
  const heads = ['attempt', 'upstream', 'key', 'status', 'code', 'ms', 'charged', 'its request id']
  const rows = tries.map(({ upstream, key, status, code, id, ms, charged }, at) => {
    return [at + 1, upstream, key, status, code, ms, inEnglish(chargedWords(charged)), id]
  })
  return [table(heads, rows)]
}
