import { parseObject } from './chat/chat-request.ts'
import type { Endpoint } from './endpoint.ts'
import { ErrorAnswer } from './errors.ts'
import { tagMark } from './frames.ts'
import { openaiDialect } from './dialects/openai-dialect.ts'
import { body, event, raw } from './steps.ts'
import { noCounts } from './usage.ts'

/** Moderations: what holds the word "violence" is flagged. */
export const moderations: Endpoint = {
  name: 'moderations',
  dialect: openaiDialect,
  read(text) {
    const given = parseObject(text)
    if (!given) return new ErrorAnswer(400, 'We could not parse the JSON body of your request.')
    const { model = 'omni-moderation-latest', input } = given
    if (input === undefined) return new ErrorAnswer(400, "'input' is required.", null, 'input')
    const inputs: unknown[] = Array.isArray(input) ? input : [input]
    const results = inputs.map((one) => {
      const flagged = JSON.stringify(one).includes('violence')
      return { flagged, categories: { violence: flagged }, category_scores: { violence: +flagged } }
    })
    const answer = { id: `modr-demo${tagMark}`, model, results }
    const last = inputs.at(-1)
    return {
      model: String(model),
      stream: false,
      say: typeof last === 'string' ? last : '',
      answer: () => ({ counts: noCounts, unseen: 0, body: () => body(JSON.stringify(answer)) }),
    }
  },
  errorEvent: (error) => event(JSON.stringify(openaiDialect.errorBody(error)), { headed: false }),
  half: '',
  ping: raw(''),
}
