import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { changeKey, readKey, versionOf } from '../../keys/keys.server.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import type { Customer } from '../../../test/customer.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import { errorIn } from '../../../test/wire.ts'

const model = 'gpt-4o'
let stage: Stage
let taking: Customer
before(async () => {
  stage = await startStage()
  taking = await stage.newKey(stage.customer.accountId, { responsesAtChat: true })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const ask = (customer: Customer, body: object) =>
  stage.ask({ customer, path: 'chat/completions', body: { model, ...body } })

/** What a call of this body is answered, and that it cost what the upstream has counted. */
async function carried(body: object) {
  const answer = await ask(taking, { input: 'hello', ...body })
  assert.equal(answer.status, 200, answer.text)
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  const served = stage.servedFor(row)
  assert.equal(served.endpoint, 'responses')
  assert.deepEqual(
    [row.outcome, row.source, row.cost],
    ['completed', 'upstream', listPrice(model, served)],
  )
  return answer
}

test('a key that is set so has a Responses body at the chat’s path answered as a response', async () => {
  const plain = JSON.parse((await carried({})).text) as { object: string }
  assert.equal(plain.object, 'response')
  const { text } = await carried({ stream: true })
  assert.match(text, /event: response\.completed\n/)
  assert.ok(!text.includes('[DONE]'))
  const tools = [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }]
  const input = [{ role: 'user', content: [{ type: 'input_text', text: 'hello [[tool]]' }] }]
  const agents = { input, tools, stream: true, store: false, reasoning: { effort: 'low' } }
  assert.match((await carried(agents)).text, /"type":"function_call"/)
})

test('what programs ask of a chat’s stream is no error of such a body, and goes no further', async () => {
  for (const more of [{}, { include_obfuscation: false }]) {
    const options = { include_usage: true, ...more }
    const { text } = await carried({ stream: true, stream_options: options })
    assert.match(text, /event: response\.completed\n/)
  }
  await carried({ stream_options: { include_usage: true } })
})

test('and its errors are those of a response, also within a stream', async () => {
  const long = await ask(taking, { input: 'a', background: true })
  assert.deepEqual([long.status, errorIn(long).param], [400, 'background'])
  const lost = await ask(taking, { input: 'a', previous_response_id: 'resp_x' })
  assert.deepEqual([lost.status, errorIn(lost).code], [404, 'previous_response_not_found'])
  const cut = await ask(taking, { input: 'hello [[end-early:4]]', stream: true })
  const last = JSON.parse(eventsOf(cut.text).at(-1) ?? '{}') as { type?: string }
  assert.equal(last.type, 'error')
  const row = await stage.waitForCall(cut.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.cost], ['failed', 0])
})

test('every other key is told where it belongs, and is charged nothing', async () => {
  for (const stream of [false, true]) {
    const answer = await ask(stage.customer, { input: 'hello', stream })
    const { param, message } = errorIn(answer)
    assert.deepEqual([answer.status, param], [400, 'messages'])
    assert.match(message, /\/v1\/responses/)
  }
  assert.deepEqual(
    await stage.sql('select id from calls where key_id = ?', [stage.customer.keyId]),
    [],
  )
})

test('a change of the key holds for the next call, in both directions', async () => {
  const { db } = stage.relay.services
  const key = await stage.newKey(stage.customer.accountId)
  const { accountId, keyId } = key
  for (const responsesAtChat of [true, false, true]) {
    const now = await readKey(db, accountId, keyId)
    assert.ok(now)
    const changed = {
      name: now.name,
      expiresAt: null,
      budgetNanos: null,
      period: null,
      periodBudgetNanos: null,
      models: null,
      addresses: null,
      responsesAtChat,
    }
    const which = { accountId, keyId, userId: null }
    assert.equal(await changeKey(db, which, versionOf(now), changed), 'changed')
    const { status } = await ask(key, { input: 'hello' })
    assert.equal(status, responsesAtChat ? 200 : 400)
  }
})

test('only such a body has the key looked at, once', async (t) => {
  const { db } = stage.relay.services
  const names: string[] = []
  const send = db.send.bind(db)
  t.mock.method(db, 'send', (bound: Parameters<typeof send>[0]) => {
    if (bound.text.includes('responses_at_chat')) names.push(bound.text)
    return send(bound)
  })
  assert.equal((await ask(taking, { messages: [{ role: 'user', content: 'hi' }] })).status, 200)
  // Both stand in it: it is the chat's, which knows no such member.
  const both = { input: 'a', messages: [{ role: 'user', content: 'hi' }] }
  assert.equal((await ask(taking, both)).status, 400)
  assert.equal(names.length, 0)
  assert.equal((await ask(taking, { input: 'hi' })).status, 200)
  assert.equal(names.length, 1)
})
