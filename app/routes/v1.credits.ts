import { showCredits, type ApiArgs } from '../api/api.server.ts'
import { jsonAnswer } from '../http/http.server.ts'

/** `GET /v1/credits`. */
export const loader = async ({ request, context }: ApiArgs) =>
  jsonAnswer(200, await showCredits(request, context))
