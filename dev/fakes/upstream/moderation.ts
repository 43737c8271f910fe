import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { readBody } from './read-body.ts'

type Request = { model?: string; input?: unknown }

/** Answers `POST /v1/moderations` as OpenAI does: what holds the word "violence" is flagged. */
export async function answerModeration(req: IncomingMessage, res: ServerResponse, apiKey: string) {
  const { model, input } = JSON.parse(await readBody(req)) as Request
  const isAllowed = req.headers.authorization === `Bearer ${apiKey}`
  const inputs = Array.isArray(input) ? (input as unknown[]) : [input]
  const results = inputs.map((one) => {
    const flagged = JSON.stringify(one).includes('violence')
    return { flagged, categories: { violence: flagged }, category_scores: { violence: +flagged } }
  })
  const error = { message: 'Incorrect API key provided.', type: 'invalid_request_error' }
  const body = isAllowed ? { id: `modr-${randomUUID()}`, model, results } : { error }
  res.writeHead(isAllowed ? 200 : 401, {
    'content-type': 'application/json',
    'x-request-id': `req_${randomUUID()}`,
  })
  res.end(JSON.stringify(body))
}
