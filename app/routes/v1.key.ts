import { showKey, type ApiArgs } from '../api/api.server.ts'
import { jsonAnswer } from '../http/http.server.ts'

/** `GET /v1/key`. */
export const loader = async ({ request, context }: ApiArgs) =>
  jsonAnswer(200, await showKey(request, context))
