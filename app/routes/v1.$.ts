import { relay } from '../relay/relay.server.ts'
import type { ApiArgs } from '../api/api.server.ts'

/** Every endpoint that is relayed to an upstream, plain and streamed. */
export const action = ({ request, context }: ApiArgs) =>
  relay(request, context.exchange, context.services)
