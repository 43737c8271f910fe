import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import type { Way } from '../endpoint.ts'
import { atOnce } from '../text/steps.ts'
import { bodyFor } from './body.ts'
import { readChat } from './request.ts'

const terms = {
  tiers: [{ upToInputTokens: null, prices: { input: 1, output: 1 } }],
  basisPoints: {},
  serviceTiers: [],
}
const model = {
  name: 'm',
  kind: 'chat',
  contextTokens: 100_000,
  outputTokensMax: 1_000,
  terms,
  offers: [{ terms, priceFactor: 10_000 }],
} as unknown as PricedModel
const catalog = { find: () => model } as unknown as Catalog

const plainWay: Way = {
  theirName: null,
  set: {},
  drop: [],
  rename: {},
  limitMember: null,
  usage: 'asked',
  reasoning: 'sum',
}
const messages = [{ role: 'user', content: 'hi' }]

/** What goes out of what a client says, where the hold covers so many tokens. */
function sent(body: object, way: Partial<Way>, outputTokensMax = 1_000) {
  const raw = Buffer.from(JSON.stringify({ model: 'm', messages, ...body }))
  const call = atOnce(readChat(raw, catalog, new Date(0), new Set()))
  const text = Buffer.concat(bodyFor(call, outputTokensMax, { ...plainWay, ...way })).toString()
  const { messages: same, ...rest } = JSON.parse(text) as Record<string, unknown>
  assert.deepEqual(same, messages)
  return rest
}

describe('a body as its upstream wants it', () => {
  test('is the client’s own, to the byte, where it wants nothing else', () => {
    const text = '{ "model":"m",\n "messages" : [{"role":"user","content":"\\u0041"}],"seed":1.50 }'
    const call = atOnce(readChat(Buffer.from(text), catalog, new Date(0), new Set()))
    assert.equal(Buffer.concat(bodyFor(call, 1_000, plainWay)).toString(), text)
  })

  test('names the model as it is called there', () => {
    assert.deepEqual(sent({ model: 'alias' }, {}), { model: 'alias' })
    assert.deepEqual(sent({ model: 'alias' }, { theirName: 'x/m-2' }), { model: 'x/m-2' })
    const renamed = { theirName: 'd', rename: { model: 'deployment' } }
    assert.deepEqual(sent({}, renamed), { deployment: 'd' })
  })

  describe('says the limit in the member that it has for it', () => {
    test('which is the client’s own, where it has one', () => {
      const way = { limitMember: 'max_tokens' } as const
      assert.deepEqual(sent({ max_tokens: 9 }, way), { model: 'm', max_tokens: 9 })
      assert.deepEqual(sent({ max_completion_tokens: 9 }, way), { model: 'm', max_tokens: 9 })
      const both = { max_tokens: 9, max_completion_tokens: 7 }
      assert.deepEqual(sent(both, way), { model: 'm', max_tokens: 9 })
      assert.deepEqual(sent({}, way), { model: 'm' })
    })

    test('and no more of it than the hold covers', () => {
      for (const limitMember of [
        'max_tokens',
        'max_completion_tokens',
        'max_output_tokens',
      ] as const)
        for (const body of [{}, { max_tokens: 900 }, { max_completion_tokens: 900 }])
          assert.deepEqual(sent(body, { limitMember }, 50), { model: 'm', [limitMember]: 50 })
    })

    test('and nowhere where it has none: the client’s own is not for it either', () => {
      for (const body of [{}, { max_tokens: 9 }, { max_completion_tokens: null }])
        assert.deepEqual(sent(body, { limitMember: 'none' }, 50), { model: 'm' })
    })
  })

  test('asks for usage only where it must be asked', () => {
    const asked = { stream: true, stream_options: { include_usage: true } }
    assert.deepEqual(sent({ stream: true }, {}), { model: 'm', ...asked })
    for (const usage of ['always', 'never'] as const) {
      assert.deepEqual(sent({ stream: true }, { usage }), { model: 'm', stream: true })
      assert.deepEqual(sent(asked, { usage }), { model: 'm', stream: true })
    }
  })

  test('sets what the definition sets, whatever the client says', () => {
    const set = { safety_identifier: 'abc', user: undefined }
    const out = { model: 'm', safety_identifier: 'abc' }
    assert.deepEqual(sent({}, { set }), out)
    assert.deepEqual(sent({ safety_identifier: 'mine', user: 'me' }, { set }), out)
  })

  test('leaves out what is not to go there, whoever says it and by whichever name', () => {
    const way = { drop: ['seed', 'nonce'], rename: { user: 'nonce' }, set: { seed: 1 } }
    assert.deepEqual(sent({ seed: 2, user: 'me', top_p: 1 }, way), { model: 'm', top_p: 1 })
  })

  test('gives a member one name, once', () => {
    const rename = { max_completion_tokens: 'max_tokens', user: 'safety_identifier' }
    const both = { max_completion_tokens: 9, max_tokens: 5, user: 'me' }
    const out = { model: 'm', max_tokens: 5, safety_identifier: 'me' }
    assert.deepEqual(sent(both, { rename }), out)
    assert.deepEqual(sent({}, { rename }, 50), { model: 'm', max_tokens: 50 })
    const two = { rename: { user: 'who', safety_identifier: 'who' } }
    assert.deepEqual(sent({ user: 'a', safety_identifier: 'b' }, two), { model: 'm', who: 'a' })
  })

  test('what tells customers apart goes out as another name, where it is said', () => {
    const pseudonyms = {
      names: ['user', 'prompt_cache_key'],
      of: (name: string, given: string) => `${name} of ${given}`,
    }
    assert.deepEqual(sent({ user: 'me', safety_identifier: 'x' }, { pseudonyms }), {
      model: 'm',
      user: 'user of me',
      safety_identifier: 'x',
    })
    assert.deepEqual(sent({ prompt_cache_key: null }, { pseudonyms }), {
      model: 'm',
      prompt_cache_key: null,
    })
    assert.deepEqual(sent({}, { pseudonyms }), { model: 'm' })
    const renamed = { pseudonyms, rename: { user: 'who' } }
    assert.deepEqual(sent({ user: 'me' }, renamed), { model: 'm', who: 'user of me' })
    assert.deepEqual(sent({ user: 'me' }, { pseudonyms, drop: ['user'] }), { model: 'm' })
    assert.deepEqual(sent({ user: 'me' }, { pseudonyms, set: { user: 'a' } }).user, 'a')
  })
})
