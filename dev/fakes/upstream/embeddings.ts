import { parseObject, wrongType } from './chat/chat-request.ts'
import type { Endpoint } from './endpoint.ts'
import { ErrorAnswer } from './errors.ts'
import { openaiDialect } from './dialects/openai-dialect.ts'
import { body, event, raw } from './steps.ts'
import { countOf, textsIn, wordsOf, type TextOrTokens } from './text/token-arrays.ts'
import { noCounts, usageOf, type UsageForm } from './usage.ts'
import { seedOf } from './text/words.ts'

const itemsMax = 2_048
const tokensMax = 300_000
const itemTokensMax = 8_192
const dimensionsUsual = (model: string) => (model.includes('3-large') ? 3_072 : 1_536)

const embeddingsUsage: UsageForm = {
  sums: ['prompt_tokens', 'total_tokens'],
  write: ({ prompt }) => ({ prompt_tokens: prompt, total_tokens: prompt }),
}

/** Embeddings: of each text a vector that depends on nothing but the text, of length 1. */
export const embeddings: Endpoint = {
  name: 'embeddings',
  dialect: openaiDialect,
  read(text) {
    const body_ = parseObject(text)
    if (!body_) return new ErrorAnswer(400, 'We could not parse the JSON body of your request.')
    const { model, input, encoding_format: format = 'float' } = body_
    if (typeof model !== 'string' || model === '')
      return new ErrorAnswer(400, 'you must provide a model parameter', null, 'model')
    const texts = textsIn(input, 'input')
    if (texts instanceof ErrorAnswer) return texts
    const wrong = findWrong(texts)
    if (wrong) return wrong
    if (format !== 'float' && format !== 'base64') return wrongType('encoding_format')
    const dimensions = body_.dimensions ?? dimensionsUsual(model)
    const isSize = Number.isInteger(dimensions) && (dimensions as number) >= 1
    if (!isSize || (dimensions as number) > dimensionsUsual(model)) return wrongType('dimensions')
    return {
      model,
      stream: false,
      say: wordsOf(texts.at(-1) ?? ''),
      answer(script) {
        const prompt = texts.reduce((sum, it) => sum + countOf(it), 0)
        const counts = { ...noCounts, prompt }
        const usage = script.has('no-usage') ? null : usageOf(counts, script, embeddingsUsage)
        const data = texts.map((it, index) => {
          const vector = vectorOf(it, dimensions as number)
          const embedding = format === 'base64' ? base64Of(vector) : vector
          return { object: 'embedding', index, embedding }
        })
        const answer = { object: 'list', data, model, ...(usage && { usage }) }
        return { counts, unseen: 0, body: () => body(JSON.stringify(answer), { usage }) }
      },
    }
  },
  errorEvent: (error) => event(JSON.stringify(openaiDialect.errorBody(error)), { headed: false }),
  half: '',
  ping: raw(''),
}

function findWrong(texts: readonly TextOrTokens[]): ErrorAnswer | undefined {
  if (texts.length > itemsMax) {
    const words = `Invalid 'input': array too long. Expected an array with maximum length ${itemsMax}.`
    return new ErrorAnswer(400, words, 'array_above_max_length', 'input')
  }
  if (texts.includes(''))
    return new ErrorAnswer(400, "'input' cannot be an empty string.", null, 'input')
  const counts = texts.map(countOf)
  if (counts.some((count) => count > itemTokensMax)) {
    const words = `This model's maximum context length is ${itemTokensMax} tokens.`
    return new ErrorAnswer(400, words, null, 'input')
  }
  if (counts.reduce((sum, count) => sum + count, 0) <= tokensMax) return undefined
  const words = `Invalid 'input': maximum request size is ${tokensMax} tokens per request.`
  return new ErrorAnswer(400, words, 'max_tokens_per_request', 'input')
}

/** As 32-bit floats in six digits, so that both forms of an answer have the same numbers. */
function vectorOf(text: TextOrTokens, dimensions: number): number[] {
  let state = seedOf(wordsOf(text)) || 1
  const some = Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  })
  const length = Math.hypot(...some) || 1
  return some.map((value) => Math.round((value / length) * 1e6) / 1e6)
}

const base64Of = (vector: readonly number[]) =>
  Buffer.from(new Float32Array(vector).buffer).toString('base64')
