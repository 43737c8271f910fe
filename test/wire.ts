import assert from 'node:assert/strict'
import { operatorSecret } from '../dev/fakes/upstream/demo-upstream.server.ts'
import { chunksIn, contentOf, eventsOf, type RawAnswer } from './raw-client.ts'

type WireError = {
  message: string
  type: string
  param: string | null
  code: string | null
} & Record<string, unknown>

/** The error in a body of the documented form: all four keys, and an id beside it. */
export function errorIn(answer: Pick<RawAnswer, 'text' | 'headers'>): WireError {
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  assert.match(String(answer.headers['x-request-id']), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  const body = JSON.parse(answer.text) as { error: WireError }
  assert.deepEqual(Object.keys(body), ['error'])
  return checkError(body.error)
}

function checkError(error: WireError): WireError {
  assert.ok(typeof error.message === 'string' && error.message.length > 0)
  assert.equal(typeof error.type, 'string')
  for (const value of [error.param, error.code])
    assert.ok(value === null || typeof value === 'string')
  return error
}

/** How a stream ended: well, or with an error event as its last; anything else fails the test. */
export function endOfStream(answer: RawAnswer): 'done' | WireError {
  assert.match(String(answer.headers['content-type']), /^text\/event-stream/)
  assert.equal(answer.broken, undefined)
  const events = eventsOf(answer.text)
  const last = events.at(-1)
  assert.ok(last !== undefined, 'a stream has events')
  assert.ok(!events.slice(0, -1).includes('[DONE]'), 'nothing comes after [DONE]')
  if (last === '[DONE]') return 'done'
  const { error } = JSON.parse(last) as { error?: WireError }
  assert.ok(error, 'a stream that is not done ends with an error')
  return checkError(error)
}

/** The text of all choices that a client has received, of a plain answer or a stream. */
export function textIn(answer: RawAnswer): string {
  if (!String(answer.headers['content-type']).startsWith('text/event-stream')) {
    const { choices } = JSON.parse(answer.text.replace(/^\uFEFF/, '')) as {
      choices: { message: { content?: string | null; tool_calls?: { function: Called }[] } }[]
    }
    return choices
      .map(({ message }) => (message.content ?? '') + called(message.tool_calls))
      .join('')
  }
  const chunks = chunksIn(answer.text).filter((chunk) => Array.isArray(chunk.choices))
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
  return contentOf(chunks) + deltas.map((delta) => called(delta.tool_calls as Calls)).join('')
}
type Called = { name?: string; arguments?: string }
type Calls = { function: Called }[] | undefined
const called = (calls: Calls) =>
  (calls ?? []).map((it) => (it.function.name ?? '') + (it.function.arguments ?? '')).join('')

const forbidden = ['set-cookie', 'openai-organization', 'openai-version', 'location', 'server']

/** Nothing of what is between the operator and their upstream is in an answer. */
export function expectDiscreet(answer: RawAnswer, secrets: string[] = []) {
  for (const name of forbidden) assert.equal(answer.headers[name], undefined, name)
  assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith('x-ratelimit')))
  const all = `${JSON.stringify(answer.headers)}\n${answer.text}`
  for (const secret of [operatorSecret, ...secrets]) assert.ok(!all.includes(secret))
}
