import { isObject, parseObject, wrongType } from './chat-request.ts'
import type { Endpoint } from '../endpoint.ts'
import { ErrorAnswer } from '../errors.ts'
import { openaiDialect } from '../dialects/openai-dialect.ts'
import type { Script } from '../script.ts'
import { cut, saidPieces, textOf, tokensOf, type Said } from '../text/speech.ts'
import { body, event, raw, type Send } from '../steps.ts'
import { countOf, textsIn, wordsOf, type TextOrTokens } from '../text/token-arrays.ts'
import { chatUsage, noCounts, usageOf, type Counts, type UsageObject } from '../usage.ts'
import { seedOf } from '../text/words.ts'
import { countText } from '../text/tokens.ts'

type Request = {
  model: string
  prompts: TextOrTokens[]
  suffix: string
  n: number
  bestOf: number
  tokensMax: number
  stream: boolean
  includeUsage: boolean
  body: Record<string, unknown>
}

const tokensMaxUsual = 16
const choicesMax = 128

/** Completions of old: prompts without messages. */
export const completions: Endpoint = {
  name: 'completions',
  dialect: openaiDialect,
  read(text) {
    const request = parse(text)
    if (request instanceof ErrorAnswer) return request
    return {
      model: request.model,
      stream: request.stream,
      say: wordsOf(request.prompts.at(-1) ?? ''),
      answer(script, headers) {
        const { choices, counts } = answerTo(request, script, headers)
        const shown = choices.reduce((sum, { pieces }) => sum + tokensOf(pieces), 0)
        return {
          counts,
          unseen: counts.completion - shown,
          events: () => chunksOf(request, script, choices, counts),
          body: () => bodyOf(request, script, choices, counts),
        }
      },
    }
  },
  head: (tag, created) => `{"id":"cmpl-demo${tag}","object":"text_completion","created":${created}`,
  errorEvent: (error) => event(JSON.stringify(openaiDialect.errorBody(error)), { headed: false }),
  half: 'data: {"id":"cmpl-half","object":"text_completion","choices":[{"te',
  ping: raw(': ping\n\n'),
}

function parse(text: string): Request | ErrorAnswer {
  const given = parseObject(text)
  if (!given) return new ErrorAnswer(400, 'We could not parse the JSON body of your request.')
  if (typeof given.model !== 'string' || given.model === '')
    return new ErrorAnswer(400, 'you must provide a model parameter', null, 'model')
  const prompts = textsIn(given.prompt ?? '<|endoftext|>', 'prompt')
  if (prompts instanceof ErrorAnswer) return prompts
  const wrong = findWrong(given)
  if (wrong) return wrong
  const options = given.stream_options
  const n = Number(given.n ?? 1)
  return {
    model: given.model,
    prompts,
    suffix: typeof given.suffix === 'string' ? given.suffix : '',
    n,
    bestOf: Number(given.best_of ?? n),
    tokensMax: Number(given.max_tokens ?? tokensMaxUsual),
    stream: given.stream === true,
    includeUsage: isObject(options) && options.include_usage === true,
    body: given,
  }
}

function findWrong(given: Record<string, unknown>): ErrorAnswer | undefined {
  for (const [name, least] of [
    ['max_tokens', 0],
    ['n', 1],
    ['best_of', 1],
  ] as const) {
    const value = given[name] ?? 1
    const most = name === 'max_tokens' ? Infinity : choicesMax
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      return wrongType(name)
  }
  if (given.echo === true) {
    const words = "The 'echo' parameter is not supported with this model."
    return new ErrorAnswer(400, words, 'unsupported_parameter', 'echo')
  }
  const [n, best] = [Number(given.n ?? 1), Number(given.best_of ?? given.n ?? 1)]
  if (best < n) return new ErrorAnswer(400, "'best_of' must be at least 'n'.", null, 'best_of')
  if (given.stream === true && best > n)
    return new ErrorAnswer(400, "Cannot stream results with 'best_of' > 'n'.", null, 'best_of')
  if (given.stream_options != null && given.stream !== true) {
    const words = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    return new ErrorAnswer(400, words, null, 'stream_options')
  }
  return undefined
}

/** Of each prompt `best_of` candidates are made, all of which count, and `n` of them are shown. */
function answerTo(request: Request, script: Script, headers: Record<string, unknown>) {
  const echo = { ...request.body, prompt: undefined }
  const made = request.prompts.flatMap((prompt) =>
    Array.from({ length: request.bestOf }, (_, at) => {
      const seed = seedOf(wordsOf(prompt)) + at
      const pieces = saidPieces(script, { headers, echo, form: undefined, seed })
      return { said: cut(pieces, request.tokensMax), isShown: at < request.n }
    }),
  )
  const completion = made.reduce((sum, { said }) => sum + tokensOf(said.pieces), 0)
  const asked = request.prompts.reduce((sum, prompt) => sum + countOf(prompt), 0)
  const prompt = asked + countText(request.suffix) * request.prompts.length
  const choices = made.filter(({ isShown }) => isShown).map(({ said }) => said)
  return { choices, counts: { ...noCounts, prompt, completion } }
}

const reasonOf = ({ isWhole }: Said) => (isWhole ? 'stop' : 'length')

function bodyOf({ model }: Request, script: Script, choices: Said[], counts: Counts): Send {
  const usage = script.has('no-usage') ? null : usageOf(counts, script, chatUsage)
  const rest = {
    model,
    choices: choices.map((said, index) => ({
      index,
      text: textOf(said.pieces),
      logprobs: null,
      finish_reason: reasonOf(said),
    })),
    ...(usage && { usage }),
  }
  const tokens = choices.reduce((sum, { pieces }) => sum + tokensOf(pieces), 0)
  return body(JSON.stringify(rest).slice(1), { headed: true, tokens, usage })
}

/** One token an event, the choices one after another, as they are when several are asked for. */
function chunksOf(request: Request, script: Script, choices: Said[], counts: Counts): Send[] {
  const reports = request.includeUsage && !script.has('no-usage')
  const chunk = (chosen: object[], tokens: number, usage: UsageObject | null) => {
    const rest = { model: request.model, choices: chosen, ...(reports && { usage }) }
    return event(JSON.stringify(rest).slice(1), { tokens, usage })
  }
  const chunks = choices.flatMap((said, index) => {
    const part = (text: string, tokens: number, finish_reason: string | null) =>
      chunk([{ index, text, logprobs: null, finish_reason }], tokens, null)
    const texts = said.pieces.map(({ text, tokens }) => part(text, tokens, null))
    return [...texts, part('', 0, reasonOf(said))]
  })
  if (reports) chunks.push(chunk([], 0, usageOf(counts, script, chatUsage)))
  if (!script.has('no-done')) chunks.push(event('[DONE]', { headed: false }))
  return chunks
}
