import { formatCallId, newCallId } from '../values/call-id.ts'
import { clockMs } from '../values/clock.ts'

const ids = new WeakMap<object, string>()

/**
 * The id of a page's request: in the log, in the `x-request-id` header, and on the page when it
 * fails. The load context is made anew for each request, so it stands for the request here.
 */
export function requestIdOf(context: object): string {
  const known = ids.get(context)
  if (known) return known
  const id = formatCallId(newCallId(clockMs()))
  ids.set(context, id)
  return id
}
