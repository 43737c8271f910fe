import { showCall, type ApiArgs } from '../api/api.server.ts'
import { jsonAnswer } from '../http/http.server.ts'

/** `GET /v1/calls/{id}`. */
export const loader = async ({ request, params, context }: ApiArgs) =>
  jsonAnswer(200, await showCall(request, params.id ?? '', context))
