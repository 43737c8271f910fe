import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../test/stage.ts'

let stage: Stage
before(async () => (stage = await startStage()))
after(() => stage.stop())

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(stage.relay.url.replace(/\/v1$/, path), init)
  const body = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, headers: answer.headers, body }
}
const version = { 'anthropic-version': '2023-06-01' }

test('whoever says Anthropic’s version, or asks below its messages, is told of errors as there', async () => {
  const asks: [path: string, status: number, type: string, init?: RequestInit][] = [
    ['/v1/messages/batches', 404, 'not_found_error', { method: 'POST', body: '{}' }],
    ['/v1/messages/x/y', 404, 'not_found_error'],
    ['/messages', 404, 'not_found_error', { method: 'POST', body: '{}' }],
    ['/v1/nothing', 404, 'not_found_error', { headers: version }],
    ['/v1/models', 401, 'authentication_error', { headers: version }],
    ['/v1/models/x', 405, 'invalid_request_error', { headers: version, method: 'DELETE' }],
  ]
  for (const [path, status, type, init] of asks) {
    const { headers, body, ...told } = await ask(path, init)
    const id = headers.get('x-request-id')
    assert.equal(told.status, status, path)
    const { message } = body.error as { message: string }
    assert.ok(message)
    assert.deepEqual(body, { type: 'error', error: { type, message }, request_id: id })
    assert.equal(headers.get('request-id'), id)
  }
})

test('whoever calls an endpoint of OpenAI’s is told as there, whatever version they say', async () => {
  const init = { method: 'POST', body: '{}', headers: version }
  for (const path of ['/v1/chat/completions', '/v1/moderations']) {
    const { status, headers, body } = await ask(path, init)
    assert.equal(status, 401)
    assert.deepEqual(Object.keys(body.error as object), ['message', 'type', 'param', 'code'])
    assert.equal(headers.get('request-id'), null)
  }
  const { body: below } = await ask('/v1/threads/thread_1/messages', { method: 'POST', body: '{}' })
  assert.deepEqual(Object.keys(below), ['error'])
  const { body } = await ask('/v1/models')
  assert.deepEqual(Object.keys(body), ['error'])
})

test('a key counts in x-api-key wherever the API asks for one', async () => {
  const key = { 'x-api-key': stage.customer.secret }
  for (const path of ['/v1/models', '/v1/models/gpt-4o', '/dashboard/billing/usage'])
    assert.equal((await ask(path, { headers: key })).status, 200, path)
  const messages = [{ role: 'user', content: 'hello' }]
  const body = JSON.stringify({ model: 'gpt-4o', messages })
  assert.equal(
    (await ask('/v1/chat/completions', { method: 'POST', headers: key, body })).status,
    200,
  )
})
