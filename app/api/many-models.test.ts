import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../test/stage.ts'

const count = 1_000
let stage: Stage
before(async () => {
  stage = await startStage()
  const names = Array.from({ length: count }, (_, at) => `many-${at}`)
  await stage.sql(
    `insert into models (name, kind, context_tokens, output_tokens_max, reasoning, vision, owned_by)
     values ?`,
    [names.map((name) => [name, 'chat', 8_000, 1_000, 0, 0, 'somebody'])],
  )
  const tiers = [{ upToInputTokens: null, prices: { input: 1, output: 1 } }]
  const terms = JSON.stringify({
    times: [{ when: null, tiers }],
    basisPoints: {},
    serviceTiers: [],
  })
  await stage.sql('insert into prices (model, effective_from, terms, actor) values ?', [
    names.map((name) => [name, '2026-01-01', terms, 'test']),
  ])
  await stage.relay.services.catalog.refresh()
})
after(() => stage.stop())

test('a list of a thousand models costs one statement, which looks at the key', async (t) => {
  const headers = { authorization: `Bearer ${stage.customer.secret}` }
  const list = async () => {
    const answer = await fetch(`${stage.relay.url}/models`, { headers })
    return (await answer.json()) as { data: { id: string }[] }
  }
  assert.ok((await list()).data.length > count)
  const { db } = stage.relay.services
  const sent: string[] = []
  const send = db.send.bind(db)
  t.mock.method(db, 'send', (bound: Parameters<typeof send>[0]) => {
    // The relay's own rounds go on meanwhile, and ask for no key.
    if (/\b(?:api_keys|models|prices|model_aliases)\b/.test(bound.text)) sent.push(bound.text)
    return send(bound)
  })
  const began = performance.now()
  await list()
  t.diagnostic(`${count} models in ${(performance.now() - began).toFixed(1)} ms`)
  assert.equal(sent.length, 1, sent.join('\n'))
  assert.match(sent.join(), /api_keys/)
})
