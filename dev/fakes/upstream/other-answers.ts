import type { IncomingMessage, ServerResponse } from 'node:http'
import { behaviours } from './behaviours.ts'
import { ErrorAnswer } from './errors.ts'
import type { ServedLog } from './served.ts'

// Any other model is answered too; these are the ones a relay finds when it asks.
const models = [
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4o',
  'gpt-4o-mini',
]
const made = 1_735_689_600

/** Answers all that is not a chat completion: models, the log of what was served, the behaviours, and 404. */
export function otherAnswers(servedLog: ServedLog, apiKey: string) {
  return (req: IncomingMessage, res: ServerResponse) => {
    req.resume()
    const asked = `${req.method} ${req.url}`
    if (asked === 'GET /served') return answer(res, 200, servedLog.list())
    if (asked === 'GET /behaviours') return answer(res, 200, behaviours)
    if (asked === 'POST /served/reset') {
      servedLog.reset()
      return answer(res, 200, { reset: true })
    }
    if (asked !== 'GET /v1/models')
      return refuse(res, new ErrorAnswer(404, `Invalid URL (${asked})`))
    if (req.headers.authorization !== `Bearer ${apiKey}`) {
      return refuse(res, new ErrorAnswer(401, 'Incorrect API key provided.', 'invalid_api_key'))
    }
    const data = models.map((id) => ({ id, object: 'model', created: made, owned_by: 'system' }))
    return answer(res, 200, { object: 'list', data })
  }
}

function refuse(res: ServerResponse, { status, body }: ErrorAnswer) {
  answer(res, status, body)
}

function answer(res: ServerResponse, status: number, body: unknown) {
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(JSON.stringify(body))
}
