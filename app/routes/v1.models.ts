import { jsonAnswer } from '../http/http.server.ts'
import { listModels, type ApiArgs } from '../api/api.server.ts'

/** `GET /v1/models`: what this key may use. */
export const loader = async ({ request, context }: ApiArgs) =>
  jsonAnswer(200, await listModels(request, context))
