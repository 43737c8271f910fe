import { jsonAnswer } from '../http/http.server.ts'
import type { ApiArgs } from '../api/api.server.ts'
import { showUsage } from '../api/api.server.ts'

/** `GET /dashboard/billing/usage`, also under /v1: what chat clients and other relays poll. */
export const loader = async ({ request, context }: ApiArgs) =>
  jsonAnswer(200, await showUsage(request, context))
