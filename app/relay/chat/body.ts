import { spliceMembers } from '../text/json-members.ts'
import type { ChatCall } from './request.ts'

/**
 * The limit that the hold covers, where the model could say more than that and the client names
 * none, or a larger one.
 */
export function limitFor(call: ChatCall, outputTokensMax: number): number | null {
  const wanted = call.outputTokensWanted ?? call.model.outputTokensMax
  return wanted > outputTokensMax ? outputTokensMax : null
}

/**
 * The body as the client wrote it, with two things spliced in: usage is always asked of a stream,
 * and a limit on output where the hold covers less than the model could say.
 */
export function bodyFor(call: ChatCall, outputTokensMax: number): Buffer[] {
  const members: Record<string, unknown> = {}
  if (call.streamed && !call.usageWanted) {
    members.stream_options = { ...call.streamOptions, include_usage: true }
  }
  const limit = limitFor(call, outputTokensMax)
  if (limit !== null) for (const name of limitNames(call)) members[name] = limit
  return Object.keys(members).length ? spliceMembers(call.raw, call.scan, members) : [call.raw]
}

const limitNames = ({ limitMembers, model }: ChatCall) => {
  if (limitMembers.length > 0) return limitMembers
  return [model.reasoning ? 'max_completion_tokens' : 'max_tokens']
}
