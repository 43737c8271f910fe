import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../test/stage.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
  // More than a page of what is called at /v1/messages.
  const names = Array.from({ length: 20 }, (_, at) => `claude-of-test-${at}`)
  await stage.sql(
    `insert into models (name, kind, context_tokens, output_tokens_max, reasoning, vision, owned_by)
     values ?`,
    [names.map((name) => [name, 'chat', 8_000, 1_000, 0, 0, 'anthropic'])],
  )
  const tiers = [{ upToInputTokens: null, prices: { input: 1, output: 1 } }]
  const terms = { times: [{ when: null, tiers }], basisPoints: {}, serviceTiers: [] }
  await stage.sql('insert into prices (model, effective_from, terms, actor) values ?', [
    names.map((name) => [name, '2026-01-01', JSON.stringify(terms), 'test']),
  ])
  await stage.relay.services.catalog.refresh()
})
after(() => stage.stop())

type Page = {
  data: { id: string; type: string; display_name: string; created_at: string }[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

async function get(path: string, secret = stage.customer.secret, more: object = anthropics) {
  const headers = { 'x-api-key': secret, ...more }
  const answer = await fetch(`${stage.relay.url}${path}`, { headers })
  return { status: answer.status, body: (await answer.json()) as Page }
}
const anthropics = { 'anthropic-version': '2023-06-01' }

test('clients of Anthropic get the models in its shape, page by page and both ways', async () => {
  const { status, body: all } = await get('/models?limit=1000')
  assert.equal(status, 200)
  const ids = all.data.map(({ id }) => id)
  assert.ok(ids.length > 25)
  assert.deepEqual([all.has_more, all.first_id, all.last_id], [false, ids[0], ids.at(-1)])
  const [first] = all.data
  assert.deepEqual(Object.keys(first!), ['type', 'id', 'display_name', 'created_at'])
  assert.equal(first!.type, 'model')
  assert.match(first!.created_at, /^\d{4}-\d\d-\d\dT.*Z$/)

  const usual = (await get('/models')).body
  assert.deepEqual([usual.data.length, usual.has_more], [20, true])
  const seen: string[] = []
  for (let after = ''; ;) {
    const { body } = await get(`/models?limit=7${after && `&after_id=${after}`}`)
    seen.push(...body.data.map(({ id }) => id))
    if (!body.has_more) break
    after = encodeURIComponent(body.last_id!)
  }
  assert.deepEqual(seen, ids)
  const back = (await get(`/models?limit=2&before_id=${encodeURIComponent(ids[3]!)}`)).body
  assert.deepEqual([back.data.map(({ id }) => id), back.has_more], [ids.slice(1, 3), true])
  const start = (await get(`/models?limit=5&before_id=${encodeURIComponent(ids[3]!)}`)).body
  assert.deepEqual([start.data.map(({ id }) => id), start.has_more], [ids.slice(0, 3), false])
})

test('all others get them in the shape of OpenAI, and each model by itself in either', async () => {
  const { body } = await get('/models', undefined, {})
  assert.deepEqual(Object.keys(body), ['object', 'data'])
  const of = async (more: object) =>
    Object.keys((await get('/models/claude-haiku-4-5', undefined, more)).body)
  assert.deepEqual(await of({}), ['id', 'object', 'created', 'owned_by'])
  assert.deepEqual(await of(anthropics), ['type', 'id', 'display_name', 'created_at'])
})

test('a page lists what its key may use, and nothing where that is nothing', async () => {
  const one = await stage.newKey(stage.customer.accountId, { models: ['claude-haiku-4-5'] })
  const { body } = await get('/models?limit=1000', one.secret)
  assert.deepEqual(
    body.data.map(({ display_name: shown }) => shown),
    ['Claude Haiku 4.5', 'Claude Haiku 4.5 (20251001)'],
  )
  const none = await stage.newKey(stage.customer.accountId, { models: ['no-such-model'] })
  const empty = { data: [], has_more: false, first_id: null, last_id: null }
  assert.deepEqual((await get('/models', none.secret)).body, empty)
})

test('what is no page is refused', async () => {
  for (const query of ['limit=0', 'limit=1001', 'limit=-1', 'limit=x', 'after_id=x', 'before_id='])
    assert.equal((await get(`/models?${query}`)).status, 400, query)
  assert.equal((await get('/models?after_id=gpt-4o&before_id=gpt-4o')).status, 400)
})

test('clients of Anthropic are shown only what is called at /v1/messages', async () => {
  const { body: all } = await get('/models?limit=1000')
  assert.ok(all.data.every(({ id }) => id.startsWith('claude-')))
  assert.equal((await get('/models/gpt-4o')).status, 404)
  assert.equal((await get('/models/gpt-4o', undefined, {})).status, 200)
})

test('a model that is not there is named in the answer', async () => {
  const { status, body } = await get('/models/gpt-99', undefined, {})
  assert.equal(status, 404)
  assert.match(JSON.stringify(body), /The model `gpt-99` does not exist/)
})
