import assert from 'node:assert/strict'
import type { Definition } from '../../app/upstreams/definition.ts'
import type { Ask, RawAnswer } from '../raw-client.ts'
import type { Play } from './hand-fed-upstream.ts'
import { model, startSeveral } from './several-upstreams.ts'

/** What a token costs there, in nano-dollars; whoever buys here pays a fifth more. */
const prices = {
  input: 3_000,
  cachedInput: 300,
  cacheWrite: 3_750,
  cacheWrite1h: 6_000,
  output: 15_000,
}
const searchNanos = 10_000_000

export type Used = Partial<Record<keyof typeof prices | 'searches', number>>

/** What a call that has used so much costs, by a reckoning of its own. */
export function costOf(used: Used): number {
  const { searches = 0, ...tokens } = used
  let nanos = BigInt(searches * searchNanos)
  for (const [unit, count] of Object.entries(tokens))
    nanos += BigInt(count * prices[unit as keyof typeof prices])
  return Number((nanos * 12_000n + 9_999n) / 10_000n)
}

export const eventOf = (data: { type: string } & Record<string, unknown>) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const usageAtFirst = {
  input_tokens: 25,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 1,
}
export const start = (usage: object | null = usageAtFirst) =>
  eventOf({
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], model, usage },
  })
export const block = (content: object = { type: 'text', text: '' }) =>
  eventOf({ type: 'content_block_start', index: 0, content_block: content })
export const delta = (said: object) =>
  eventOf({ type: 'content_block_delta', index: 0, delta: said })
export const text = (words: string) => delta({ type: 'text_delta', text: words })
export const blockStop = eventOf({ type: 'content_block_stop', index: 0 })
export const ping = eventOf({ type: 'ping' })
export const last = (usage?: object | null) =>
  eventOf({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    ...(usage !== undefined && { usage }),
  })
export const stop = eventOf({ type: 'message_stop' })

/** A whole stream, of which the usage of its first and last event is told. */
export const whole = (first?: object | null, usage?: object | null) =>
  [start(first), block(), ping, text('Hello'), text(' world'), blockStop, last(usage), stop].join(
    '',
  )

export const message = (usage: object | null, more: object = {}) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model,
  content: [{ type: 'text', text: 'Hello world' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage,
  ...more,
})

/** Streams these pieces, and ends well unless it is told to break off, or to stay. */
export const streams =
  (pieces: readonly (string | Buffer)[], end: 'end' | 'break' | 'stay' = 'end'): Play =>
  async (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const piece of pieces) {
      if (piece.length > 0) await new Promise((resolve) => res.write(piece, resolve))
      await new Promise(setImmediate)
    }
    if (end === 'end') res.end()
    if (end === 'break') res.destroy()
  }

export const answers =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Play =>
  (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const anthropics: Partial<Definition> = {
  kind: 'anthropic',
  paths: { messages: '/messages', 'messages/count_tokens': '/messages/count_tokens' },
  credential: { header: 'x-api-key', prefix: '' },
  headers: { 'anthropic-version': '2023-06-01' },
  usage: 'always',
}

/** A relay in front of one upstream, or two, that speak Anthropic's dialect and do as they are told. */
export async function startMessages<Names extends string = 'main'>(
  options: {
    names?: Names[]
    definition?: Partial<Definition>
    stage?: Parameters<typeof startSeveral>[1]
  } = {},
) {
  const { names = ['main'] as Names[], definition = {}, stage: given } = options
  const row = { definition: { ...anthropics, ...definition }, play: streams([whole()]) }
  const rows = Object.fromEntries(names.map((name) => [name, row])) as Record<Names, typeof row>
  const stage = await startSeveral(rows, given)
  const millions = Object.entries(prices).map(([unit, nanos]) => [unit, nanos * 1e6])
  const all = { ...Object.fromEntries(millions), searches: searchNanos * 1e6 } as object
  const tiers = [{ upToInputTokens: null, prices: all }]
  const terms = { times: [{ when: null, tiers }], basisPoints: {}, serviceTiers: [] }
  await stage.sql('update cost_prices set terms = ?', [JSON.stringify(terms)])
  await stage.refresh()
  const ask = (body: Record<string, unknown> = {}, more: Parameters<typeof stage.ask>[0] = {}) => {
    const messages = [{ role: 'user', content: 'hello' }]
    const rawBody = JSON.stringify({ model, max_tokens: 100, messages, ...body })
    return stage.ask({ path: 'messages', rawBody, ...more } as Ask)
  }
  return {
    ...stage,
    ask,
    askStream: (body = {}, more = {}) => ask({ stream: true, ...body }, more),
  }
}
export type MessagesStage = Awaited<ReturnType<typeof startMessages<'main'>>>

/** The error that a stream ends with, in Anthropic's shape. */
export function errorAtEnd(answer: RawAnswer): { type: string; message: string } {
  const [, data] = /event: error\ndata: (.*)\n\n$/.exec(answer.text) ?? []
  assert.ok(data, `ends with an error: ${answer.text.slice(-200)}`)
  const {
    type,
    error,
    request_id: id,
  } = JSON.parse(data) as {
    type: string
    error: { type: string; message: string }
    request_id: string
  }
  assert.equal(type, 'error')
  assert.equal(id, answer.headers['x-request-id'])
  return error
}
export { model }
