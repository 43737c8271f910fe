import type { LoaderFunctionArgs } from '@remix-run/node'
import { jsonAnswer } from '../http/http.server.ts'
import { showModel } from '../relay/relay.server.ts'

/** `GET /v1/models/{id}`. */
export const loader = async ({ request, params, context }: LoaderFunctionArgs) =>
  jsonAnswer(200, await showModel(request, params.id ?? '', context.services))
