import { relay } from '../relay/relay.server.ts'
import type { ApiArgs } from '../api/api.server.ts'

/** The door of the relay: `POST /v1/chat/completions`, plain and streamed. */
export const action = ({ request, context }: ApiArgs) =>
  relay(request, context.exchange, context.services)
