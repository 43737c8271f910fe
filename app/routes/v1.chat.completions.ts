import { relay, type ApiArgs } from '../relay/relay.server.ts'

/** The door of the relay: `POST /v1/chat/completions`, plain and streamed. */
export const action = ({ request, context }: ApiArgs) =>
  relay(request, context.exchange, context.services)
