import type { Way } from '../endpoint.ts'
import { upstreamBody } from '../openai/upstream-body.ts'
import { limitNames } from './members.ts'
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
 * The body as the client wrote it, with what its upstream wants otherwise spliced in: usage is
 * asked of a stream where it must be, a limit on output set where the hold covers less than the
 * model could say, and the model called by the upstream's name for it.
 */
export function bodyFor(call: ChatCall, outputTokensMax: number, way: Way): Buffer[] {
  const set: Record<string, unknown> = {}
  const drop: string[] = []
  if (way.usage !== 'asked') drop.push('stream_options')
  else if (call.streamed && !call.usageWanted) {
    set.stream_options = { ...call.streamOptions, include_usage: true }
  }
  if (way.theirName !== null) set.model = way.theirName
  const theirs = limitIn(call, outputTokensMax, way, { set, drop })
  return upstreamBody(call.raw, call.scan, { set, drop, theirs }, way)
}

/** Says the limit in the member that the upstream has for it, or nowhere where it has none. */
function limitIn(
  call: ChatCall,
  outputTokensMax: number,
  { limitMember }: Way,
  { set, drop }: { set: Record<string, unknown>; drop: string[] },
): Record<string, number> {
  const limit = limitFor(call, outputTokensMax)
  if (limitMember === null) {
    if (limit !== null) for (const name of usualNames(call)) set[name] = limit
    return {}
  }
  drop.push(...limitNames.filter((name) => name !== limitMember))
  const said = limit ?? call.outputTokensWanted
  if (limitMember === 'none' || said === null) return {}
  const isSaid = limit === null && call.limitMembers.join() === limitMember
  return isSaid ? {} : { [limitMember]: said }
}

const usualNames = ({ limitMembers, model }: ChatCall) => {
  if (limitMembers.length > 0) return limitMembers
  return [model.reasoning ? 'max_completion_tokens' : 'max_tokens']
}
