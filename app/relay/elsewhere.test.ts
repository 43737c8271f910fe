import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { startSeveral, type Several } from '../../test/upstreams/several-upstreams.ts'
import { errorIn } from '../../test/wire.ts'

const paths = { messages: '/messages', completions: '/completions' }
let several: Several<'other'>
before(async () => {
  several = await startSeveral({ other: { definition: { kind: 'anthropic', paths } } })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
})
after(() => several.stop())

test('a model that is only served in another dialect is not found, and told where it is', async () => {
  const before = (await several.callsOf(several.customer)).length
  const answer = await several.call()
  assert.equal(answer.status, 404)
  const { code, message } = errorIn(answer)
  assert.equal(code, 'model_not_found')
  assert.match(message, /is served at \/v1\/messages, not at \/v1\/chat\/completions/)
  assert.equal((await several.callsOf(several.customer)).length, before)
  assert.equal(several.fed.other.heard.length, 0)
})

test('a body of the Responses API is told where it belongs', async () => {
  for (const rawBody of ['{"model":"gpt-4o","input":"hello"}', '{"input":[],"stream":true}']) {
    const answer = await several.call({}, { rawBody })
    assert.equal(answer.status, 400)
    const { param, message } = errorIn(answer)
    assert.equal(param, 'messages')
    assert.match(message, /\/v1\/responses/)
  }
})

test('a model of another kind is not found, and told where it is called', async () => {
  const catalogued = { 'gpt-3.5-turbo-instruct': '/v1/completions' }
  for (const [model, path] of Object.entries(catalogued)) {
    const answer = await several.call({ model })
    assert.equal(answer.status, 404)
    const { code, param, message } = errorIn(answer)
    assert.deepEqual([code, param], ['model_not_found', 'model'])
    assert.equal(message, `${model} is served at ${path}, not at /v1/chat/completions.`)
  }
})
