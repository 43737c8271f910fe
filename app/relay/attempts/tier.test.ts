import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import {
  model,
  saysStatus,
  startSeveral,
  usage,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import type { Play } from '../../../test/upstreams/hand-fed-upstream.ts'

const saleTiers = [
  { upToInputTokens: null, input: 5e6, output: 5e6, cachedInput: null, cacheWrite: null },
]
const basisPoints = { priority: 30_000, flex: 5_000 }
const plainCost = 12 * 5
const priorityCost = 3 * plainCost

const says =
  (more: object = {}): Play =>
  (res, { body }) => {
    const choice = { index: 0, finish_reason: 'stop', message: { content: 'two words' } }
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(JSON.stringify({ model: body.model, choices: [choice], usage, ...more }))
  }

let several: Several<'knowing' | 'ignorant'>
before(async () => {
  const paths = {
    'chat/completions': '/chat/completions',
    'responses/compact': '/responses/compact',
  }
  const knowing = { play: says(), definition: { paths } }
  several = await startSeveral({ knowing, ignorant: { play: says() } })
  const terms = { tiers: saleTiers, basisPoints, serviceTiers: ['priority', 'flex'] }
  await several.sql(
    "insert into prices (model, effective_from, terms, actor) values (?, '2020-01-01', ?, 'test')",
    [model, JSON.stringify(terms)],
  )
  await several.sql("update cost_prices set terms = ? where scope = 'upstream:knowing'", [
    JSON.stringify(terms),
  ])
  await several.refresh()
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

async function costOfPriority() {
  const answer = await several.call({ service_tier: 'priority' })
  assert.equal(answer.status, 200, answer.text)
  const row = await several.waitForCall(answer.headers['x-request-id'])
  return row.cost
}

test('a compaction, whose answer names no tier, costs a dearer one that was asked for', async () => {
  const usage = { input_tokens: 10, output_tokens: 2, total_tokens: 12 }
  const body = { id: 'r', object: 'response.compaction', output: [], usage }
  several.fed.knowing.play((res) => {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(body))
  })
  for (const [tier, cost] of [
    ['priority', priorityCost],
    ['flex', plainCost],
    ['default', plainCost],
  ] as const) {
    const asked = { model, input: 'a', service_tier: tier }
    const answer = await several.ask({ path: 'responses/compact', body: asked })
    assert.equal(answer.status, 200, answer.text)
    const row = await several.waitForCall(answer.headers['x-request-id'])
    assert.equal(row.cost, cost, tier)
    assert.ok(row.hold >= cost)
  }
})

test('a dearer tier that goes to an upstream whose price has it is charged as it was asked for', async () => {
  assert.equal(await costOfPriority(), priorityCost)
  several.fed.knowing.play(says({ service_tier: 'default' }))
  assert.equal(await costOfPriority(), plainCost)
})

test('a dearer tier of which the next upstream knows nothing is charged where that says it', async () => {
  several.fed.knowing.play(saysStatus(503))
  assert.equal(await costOfPriority(), plainCost)
  several.fed.ignorant.play(says({ service_tier: 'priority' }))
  assert.equal(await costOfPriority(), priorityCost)
})

test('a tier that is left out of what an upstream gets is not charged, nor is it by one alone', async () => {
  const drop = async (names: string) => {
    await several.sql(
      `update upstreams set version = version + 1,
              definition = json_set(definition, '$.members.drop', json_array(${names}))
        where name = 'knowing'`,
    )
    await several.refresh()
  }
  const serve = (name: string) =>
    several.sql("update upstream_models set model = ? where upstream = 'ignorant'", [name])
  await drop("'service_tier'")
  assert.equal(await costOfPriority(), plainCost)
  await serve('none')
  await several.refresh()
  assert.equal(await costOfPriority(), plainCost)
  await serve(model)
  await drop('')
})

test('one alone is taken to know the tiers of what it is sold at, where its price has none', async () => {
  await several.sql("update upstream_models set model = 'none' where upstream = 'knowing'")
  await several.refresh()
  assert.equal(await costOfPriority(), priorityCost)
})
