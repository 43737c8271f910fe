import type { ApiArgs } from '../api/api.server.ts'
import { Refused } from '../errors/refusal.ts'
import { endpointAt, relay } from '../relay/relay.server.ts'

/** `POST` to any endpoint that is relayed to an upstream, plain and streamed. */
export const action = ({ request, context }: ApiArgs) => {
  const endpoint = endpointAt(request.path)
  if (!endpoint) throw new Refused('not_found')
  return relay(endpoint, request, context.exchange, context.services)
}
