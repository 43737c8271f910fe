import { jsonAnswer } from '../http/http.server.ts'
import type { ApiArgs } from '../relay/relay.server.ts'
import { showUsage } from '../billing/billing.server.ts'

/** `GET /dashboard/billing/usage`, also under /v1: what chat clients and other relays poll. */
export const loader = async ({ request, context }: ApiArgs) =>
  jsonAnswer(200, await showUsage(request, context.services))
