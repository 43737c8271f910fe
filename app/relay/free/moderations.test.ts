import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

/** Asks without a client library, so that what is refused is seen as it goes out. */
async function moderate(body: unknown, secret = stage.customer.secret) {
  const answer = await fetch(`${stage.relay.url}/moderations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const headers = Object.fromEntries(answer.headers)
  return { status: answer.status, headers, text: await answer.text() }
}

test('a moderation is answered, costs nothing and is in the history', async () => {
  const { results, model } = await stage.openai().moderations.create({ input: ['violence', 'tea'] })
  assert.deepEqual(
    results.map(({ flagged }) => flagged),
    [true, false],
  )
  assert.equal(model, 'omni-moderation-latest')
  const row = await stage.lastCall()
  assert.deepEqual(
    [row.model, row.outcome, row.status, row.cost, row.hold, row.input, row.output],
    ['omni-moderation-latest', 'completed', 200, 0, 0, 0, 0],
  )
})

test('it is free for a customer without money too, but not for one without a key', async () => {
  const poor = await stage.newCustomer({ balanceNanos: 0 })
  assert.equal((await moderate({ input: 'tea' }, poor.secret)).status, 200)
  const stranger = await moderate({ input: 'tea' }, `sk-${'0'.repeat(32)}`)
  assert.equal(stranger.status, 401)
  assert.equal(errorIn(stranger).code, 'invalid_api_key')
})

test('what is no request of this endpoint is refused before it is forwarded', async () => {
  for (const [body, param] of [
    ['{', null],
    [{}, 'input'],
    [{ input: 7 }, 'input'],
    [{ input: [null] }, 'input'],
    [{ input: 'tea', model: 7 }, 'model'],
    [{ input: 'tea', foo: 7 }, 'foo'],
    [{ input: 'tea', Model: 'gpt-4o' }, 'Model'],
    [{ input: 'tea', models: null }, 'models'],
  ] as const) {
    const answer = await moderate(body)
    assert.equal(answer.status, 400, JSON.stringify(body))
    assert.equal(errorIn(answer).param, param)
  }
  const other = await moderate({ input: 'tea', model: 'gpt-4o' })
  assert.equal(other.status, 404)
  assert.equal(errorIn(other).code, 'model_not_found')
})

test('a model of this endpoint is none of another', async () => {
  const answer = await stage.ask({ body: { model: 'omni-moderation-latest' } })
  assert.equal(answer.status, 404)
  assert.equal(errorIn(answer).code, 'model_not_found')
})
