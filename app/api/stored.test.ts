import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Agent, request } from 'node:http'
import { startStage, type Stage } from '../../test/stage.ts'
import { errorIn } from '../../test/wire.ts'

const model = 'gpt-4.1'
let stage: Stage
before(async () => (stage = await startStage()))
after(() => stage.stop())

const from = async (path: string, method = 'GET', secret = stage.customer.secret) => {
  const headers = { authorization: `Bearer ${secret}` }
  const answer = await fetch(`${stage.relay.url}/responses${path}`, { method, headers })
  return {
    status: answer.status,
    text: await answer.text(),
    headers: Object.fromEntries(answer.headers),
  }
}

test('the openai SDK goes on from its answers, reads them and takes them away', async () => {
  const openai = stage.openai()
  const first = await openai.responses.create({ model, input: 'hello there' })
  const second = await openai.responses.create({
    model,
    input: 'go on',
    previous_response_id: first.id,
  })
  assert.equal(second.previous_response_id, first.id)
  const stream = await openai.responses.create({
    model,
    input: 'and on',
    previous_response_id: second.id,
    stream: true,
  })
  let third = ''
  for await (const event of stream)
    if (event.type === 'response.completed') third = event.response.id
  const calls = await stage.callsOf(stage.customer)
  assert.equal(calls.length, 3)
  assert.ok(calls[2]!.input > calls[1]!.input && calls[1]!.input > calls[0]!.input)
  for (const id of [first.id, second.id, third]) {
    const shown = await openai.responses.retrieve(id)
    assert.deepEqual([shown.id, shown.status], [id, 'completed'])
    const items = await openai.responses.inputItems.list(id, { limit: 5, order: 'asc' })
    assert.equal(items.data.length, 1)
  }
  await openai.responses.delete(third)
  await assert.rejects(openai.responses.retrieve(third), { status: 404 })
  await assert.rejects(openai.responses.delete(third), { status: 404 })
  const gone = { model, input: 'x', previous_response_id: third }
  await assert.rejects(openai.responses.create(gone), {
    status: 404,
    code: 'previous_response_not_found',
  })
  await assert.rejects(openai.responses.cancel(first.id), { status: 400 })
  assert.equal((await stage.callsOf(stage.customer)).length, 3, 'only what was made has a row')
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})

describe('of an answer that is kept', () => {
  test('no stream is read, nor one of another kind', async () => {
    const { id } = await stage.openai().responses.create({ model, input: 'a' })
    for (const query of ['stream=true', 'starting_after=3', 'background=true']) {
      const answer = await from(`/${id}?${query}`)
      assert.deepEqual([answer.status, errorIn(answer).param], [400, query.split('=')[0]])
    }
    assert.equal((await from(`/${id}?stream=false&include[]=a`)).status, 200)
    const posted = await stage.ask({
      path: 'responses',
      body: { model, input: 'a', background: true },
    })
    assert.deepEqual([posted.status, errorIn(posted).param], [400, 'background'])
  })

  test('every other verb is refused with those that there are', async () => {
    for (const [method, path, allow] of [
      ['PUT', '/resp_1', 'GET, HEAD, DELETE'],
      ['POST', '/resp_1', 'GET, HEAD, DELETE'],
      ['DELETE', '/resp_1/input_items', 'GET, HEAD'],
      ['GET', '/resp_1/cancel', 'POST'],
      ['DELETE', '/compact', 'POST'],
      ['GET', '', 'POST'],
    ] as const) {
      const answer = await from(path, method)
      assert.deepEqual([answer.status, answer.headers.allow], [405, allow], method + path)
    }
  })

  test('nothing is read without a key', async () => {
    for (const [path, method] of [
      ['/resp_1', 'GET'],
      ['/resp_1', 'DELETE'],
      ['/resp_1/input_items', 'GET'],
      ['/resp_1/cancel', 'POST'],
    ] as const)
      assert.equal((await from(path, method, 'sk-relay-none')).status, 401)
  })
})

test('what is asked of an upstream is a request of its limits; what is answered here is none', async () => {
  const { customer, relay, sql } = stage
  const { id } = await stage.openai().responses.create({ model, input: 'a' })
  const { id: other } = await stage.openai().responses.create({ model, input: 'a' })
  const values = `('key', ?, 4, 1, 1)`
  const put = `insert into rate_limits (scope, subject, requests, calls, version) values ${values}`
  await sql(put, [String(customer.keyId)])
  await relay.services.rates.rules.refresh()
  const asked = [
    await from(`/${id}`),
    await from(`/${id}/input_items`),
    await from('/resp_nobodys'),
    await from(`/${id}/cancel`, 'POST'),
    await from('/../models'),
    await from(`/${other}`, 'DELETE'),
    await from(`/${id}`),
    await from(`/${id}`),
    await from(`/${id}`, 'DELETE'),
  ]
  const statuses = asked.map(({ status }) => status)
  assert.deepEqual(statuses, [200, 200, 404, 400, 200, 200, 200, 429, 429])
  const left = asked.map(({ headers }) => headers['x-ratelimit-remaining-requests'])
  assert.deepEqual(left.filter(Boolean), ['3', '2', '1', '0', '0', '0'])
  assert.match(errorIn(asked[7]!).message, /requests per minute.*limit 4/)
  await sql('delete from rate_limits')
  await relay.services.rates.rules.refresh()
  // What was refused has taken nothing away.
  assert.equal((await from(`/${id}`)).status, 200)
})

test('a WebSocket is refused at once with 426, and its connection goes on', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const { hostname, port } = new URL(stage.relay.url)
  const ports = new Set<number | undefined>()
  const get = (path: string, headers = {}) =>
    new Promise<{ status?: number; upgrade?: string; text: string }>((resolve, reject) => {
      const req = request({ agent, hostname, port, path, headers }, (res) => {
        ports.add(res.socket.localPort)
        let text = ''
        res.on('data', (piece) => (text += piece))
        res.on('end', () => resolve({ status: res.statusCode, upgrade: res.headers.upgrade, text }))
      })
      req.on('error', reject).end()
    })
  const socket = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'openai-beta': 'responses_websockets=2026-02-06',
  }
  for (let i = 0; i < 2; i++) {
    const { status, upgrade, text } = await get('/v1/responses', socket)
    assert.deepEqual([status, upgrade], [426, 'HTTP/1.1'])
    const { error } = JSON.parse(text) as { error: { code: string } }
    assert.equal(error.code, 'upgrade_required')
  }
  // All else that asks for an upgrade is what it was.
  assert.equal((await get('/v1/models', socket)).status, 401)
  assert.equal((await get('/healthz', socket)).status, 200)
  assert.equal((await get('/v1/realtime', socket)).status, 404)
  assert.equal((await get('/v1/responses')).status, 405)
  assert.equal(ports.size, 1)
  agent.destroy()
})
