import type { Way } from '../endpoint.ts'
import { upstreamBody } from '../openai/upstream-body.ts'
import type { ResponsesCall } from './request.ts'

/**
 * The limit that the hold covers, where the model could say more than that and the client names
 * none, or a larger one.
 */
export function limitFor(call: ResponsesCall, outputTokensMax: number): number | null {
  const wanted = call.outputTokensWanted ?? call.model.outputTokensMax
  return wanted > outputTokensMax ? outputTokensMax : null
}

/**
 * The body as the client wrote it, with what its upstream wants otherwise spliced in: the limits
 * that the hold covers, where the client names none or larger ones, and the upstream's name of the
 * model. What limits the output has one name here, whatever an upstream calls it for chat.
 */
export function bodyFor(call: ResponsesCall, outputTokensMax: number, way: Way): Buffer[] {
  const set: Record<string, unknown> = {}
  const drop: string[] = []
  if (way.theirName !== null) set.model = way.theirName
  if (call.toolCallsMax !== null) set.max_tool_calls = call.toolCallsMax
  if (call.streamOptions === null) drop.push('stream_options')
  else if (call.streamOptions) set.stream_options = call.streamOptions
  const limit = limitFor(call, outputTokensMax)
  if (way.limitMember === 'none') drop.push('max_output_tokens')
  else if (limit !== null) set.max_output_tokens = limit
  return upstreamBody(call.raw, call.scan, { set, drop }, way)
}
