import { spliceMembers } from '../text/json-members.ts'
import type { ChatCall } from './request.ts'

/**
 * The body as the client wrote it, with two things spliced in: usage is always asked of a stream,
 * and a limit on output where the hold covers less than the model could say.
 */
export function bodyFor(call: ChatCall, outputTokensMax: number): Buffer[] {
  const members: Record<string, unknown> = {}
  if (call.streamed && !call.usageWanted) {
    members.stream_options = { ...call.streamOptions, include_usage: true }
  }
  if (call.outputTokensWanted === null) {
    const { outputTokensMax: most, reasoning } = call.model
    const name = reasoning ? 'max_completion_tokens' : 'max_tokens'
    if (outputTokensMax < most) members[name] = outputTokensMax
  } else if (call.outputTokensWanted > outputTokensMax) {
    for (const name of call.limitMembers) members[name] = outputTokensMax
  }
  return Object.keys(members).length ? spliceMembers(call.raw, call.scan, members) : [call.raw]
}
