import type { LoaderFunctionArgs } from '@remix-run/node'
import { jsonAnswer } from '../http/http.server.ts'
import { listModels } from '../relay/relay.server.ts'

/** `GET /v1/models`: what this key may use. */
export const loader = async ({ request, context }: LoaderFunctionArgs) =>
  jsonAnswer(200, await listModels(request, context.services))
