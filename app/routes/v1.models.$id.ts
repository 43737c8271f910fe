import { jsonAnswer } from '../http/http.server.ts'
import { showModel, type ApiArgs } from '../api/api.server.ts'

/** `GET /v1/models/{id}`. */
export const loader = async ({ request, params, context }: ApiArgs) =>
  jsonAnswer(200, await showModel(request, params.id ?? '', context))
