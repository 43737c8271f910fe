import type { Way } from '../endpoint.ts'
import { upstreamBody } from '../openai/upstream-body.ts'
import type { CompletionCall } from './request.ts'

/** The limit that the hold covers, where the client names none or a larger one. */
export function limitFor(call: CompletionCall, outputTokensMax: number): number | null {
  const { outputTokensWanted: wanted, isLimitSaid } = call
  if (isLimitSaid && wanted <= outputTokensMax) return null
  return Math.min(wanted, outputTokensMax)
}

/**
 * The body as the client wrote it, with what its upstream wants otherwise spliced in. A limit is
 * always said: without one some servers go on until the context is full.
 */
export function bodyFor(call: CompletionCall, outputTokensMax: number, way: Way): Buffer[] {
  const set: Record<string, unknown> = {}
  const drop: string[] = []
  if (way.usage !== 'asked') drop.push('stream_options')
  else if (call.streamed && !call.usageWanted)
    set.stream_options = { ...call.streamOptions, include_usage: true }
  if (way.theirName !== null) set.model = way.theirName
  const limit = limitFor(call, outputTokensMax)
  if (way.limitMember === 'none') drop.push('max_tokens')
  else if (limit !== null) set.max_tokens = limit
  return upstreamBody(call.raw, call.scan, { set, drop }, way)
}
