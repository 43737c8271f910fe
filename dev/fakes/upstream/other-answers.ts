import type { IncomingMessage, ServerResponse } from 'node:http'
import { anthropicDialect } from './dialects/anthropic-dialect.ts'
import { behaviours } from './behaviours.ts'
import { ErrorAnswer } from './errors.ts'
import { modelsFor } from './models.ts'
import { openaiDialect } from './dialects/openai-dialect.ts'
import { askedOfStored, type StoredResponses } from './responses/stored.ts'
import type { ServedLog } from './served.ts'

type Surroundings = { servedLog: ServedLog; apiKey: string; stored: StoredResponses }

/**
 * Answers all that is not posted to an endpoint: models, stored responses, the log of what was
 * served, the behaviours, and 404.
 */
export function otherAnswers({ servedLog, apiKey, stored }: Surroundings) {
  return (req: IncomingMessage, res: ServerResponse) => {
    req.resume()
    const asked = `${req.method} ${req.url}`
    if (asked === 'GET /served') return answer(res, 200, servedLog.list())
    if (asked === 'GET /behaviours') return answer(res, 200, behaviours)
    if (asked === 'POST /served/reset') {
      servedLog.reset()
      return answer(res, 200, { reset: true })
    }
    const found = asked.startsWith('GET /v1/models') ? modelsFor(req) : askedOfStored(req, stored)
    if (found === undefined) return refuse(res, new ErrorAnswer(404, `Invalid URL (${asked})`))
    // Whoever has a key in either way is let in: a wrong one is all that matters here.
    if (!anthropicDialect.isAllowed(req.headers, apiKey)) return refuse(res, openaiDialect.badKey)
    if (found instanceof ErrorAnswer) return refuse(res, found)
    return answer(res, 200, found)
  }
}

function refuse(res: ServerResponse, error: ErrorAnswer) {
  answer(res, error.status, openaiDialect.errorBody(error))
}

function answer(res: ServerResponse, status: number, body: unknown) {
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(JSON.stringify(body))
}
