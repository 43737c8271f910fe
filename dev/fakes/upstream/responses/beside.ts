import type { Endpoint } from '../endpoint.ts'
import { ErrorAnswer } from '../errors.ts'
import { tagMark } from '../frames.ts'
import { cachedOf } from '../text/speech.ts'
import { body } from '../steps.ts'
import { noCounts, usageOf } from '../usage.ts'
import { responsesForm } from './responses.ts'
import { parseResponseRequest } from './request.ts'
import { countInput, lastSaid } from './tokens.ts'
import { responsesUsage } from './usage.ts'

const summaryTokens = 32
const made = 1_735_689_600

/** A talk made shorter: what the user said stays, all else becomes an item that only we can read. */
export const compact: Endpoint = {
  name: 'responses/compact',
  ...responsesForm,
  read(text) {
    const request = parseResponseRequest(text)
    if (request instanceof ErrorAnswer) return request
    return {
      model: request.model,
      stream: false,
      say: lastSaid(request.items),
      answer(script) {
        const prompt = countInput(request)
        const counts = {
          ...noCounts,
          prompt,
          completion: summaryTokens,
          ...cachedOf(script, prompt),
        }
        const usage = script.has('no-usage') ? null : usageOf(counts, script, responsesUsage)
        const own = { id: `cmp_demo${tagMark}`, encrypted_content: 'demo-talk' }
        const answer = {
          id: `resp_demo${tagMark}`,
          object: 'response.compaction',
          created_at: made,
          output: [
            ...request.items.filter(({ role }) => role === 'user'),
            { type: 'compaction', ...own },
          ],
          ...(usage && { usage }),
        }
        const send = body(JSON.stringify(answer), { tokens: summaryTokens, usage })
        return { counts, unseen: 0, body: () => send }
      },
    }
  },
}

/** How many tokens a request for a response would have. */
export const inputTokens: Endpoint = {
  name: 'responses/input_tokens',
  ...responsesForm,
  read(text) {
    const request = parseResponseRequest(text)
    if (request instanceof ErrorAnswer) return request
    const answer = { object: 'response.input_tokens', input_tokens: countInput(request) }
    return {
      model: request.model,
      stream: false,
      say: lastSaid(request.items),
      answer: () => ({ counts: noCounts, unseen: 0, body: () => body(JSON.stringify(answer)) }),
    }
  },
}
