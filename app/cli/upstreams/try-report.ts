import type { TestedCall } from '../../relay/relay.server.ts'
import type { StoredUpstream } from '../../upstreams/upstreams.server.ts'
import { facts } from '../verb-result.ts'

function usageOf({ reported }: TestedCall) {
  if (!reported) return null
  if ('absurd' in reported) return { absurd: true }
  const { usage } = reported
  return {
    input_tokens: usage.inputTokens,
    cached_tokens: usage.cachedTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
  }
}

/** What a call has shown, as programs read it. */
export const documentOf = (call: TestedCall) => ({
  good: call.isWhole && call.code === null,
  status: call.status,
  code: call.code,
  their_request_id: call.requestId,
  ms: call.ms,
  first_event_ms: call.firstEventMs,
  answered_by: call.model,
  usage: usageOf(call),
})
type Document = ReturnType<typeof documentOf>

function usageText(usage: Document['usage']) {
  if (!usage) return 'none'
  if (!('input_tokens' in usage)) return 'not usable'
  const { input_tokens, cached_tokens, output_tokens, reasoning_tokens } = usage
  const details = [
    cached_tokens && `${cached_tokens} cached`,
    reasoning_tokens && `${reasoning_tokens} of reasoning`,
  ].filter(Boolean)
  return [`${input_tokens} in, ${output_tokens} out`, ...details].join(', ')
}

export const textOf = (what: string, it: Document) =>
  `${what}\n${facts({
    result: it.good ? 'good' : `failed: ${it.code ?? 'no usable answer'}`,
    status: it.status,
    'answered by': it.answered_by,
    usage: usageText(it.usage),
    'first event': it.first_event_ms === null ? null : `${it.first_event_ms} ms`,
    took: `${it.ms} ms`,
    'their id': it.their_request_id,
  })}`

/** What an operator would want to set otherwise. */
export function advice(
  { definition }: StoredUpstream,
  plain: Document,
  stream: Document,
): string[] {
  const words: string[] = []
  if (plain.code === 'upstream_address')
    words.push('Its name leads to an address that it may not be called at.')
  if (plain.good && !plain.usage)
    words.push('A plain answer says nothing of what was used: calls are counted here.')
  if (stream.good && !stream.usage && definition.usage !== 'never')
    words.push('A stream says nothing of what was used: set usage to never, or find how it does.')
  if (stream.code === 'no_end' && definition.kind === 'openai')
    words.push('A stream ends without its last word: set end to finish if that is how it is.')
  return words
}
