import type { ActionFunctionArgs } from '@remix-run/node'
import { relay } from '../relay/relay.server.ts'

/** The door of the relay: `POST /v1/chat/completions`, plain and streamed. */
export const action = ({ request, context }: ActionFunctionArgs) =>
  relay(request, context.exchange!, context.services)
