import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { Refused } from '../../errors/refusal.ts'
import { atOnce } from '../text/steps.ts'
import { readChat } from './request.ts'

const terms = {
  tiers: [{ upToInputTokens: null, prices: { input: 1, output: 1 } }],
  basisPoints: {},
  serviceTiers: [],
}
const model = {
  name: 'm',
  kind: 'chat',
  outputTokensMax: 1_000,
  terms,
} as unknown as PricedModel
const catalog = { find: () => model } as unknown as Catalog
const readBytes = (text: string) =>
  atOnce(readChat(Buffer.from(text), catalog, new Date(), new Set(['\\'])))
const read = (members: string) => {
  const text = `{"model":"m","messages":[{"role":"user","content":"hi"}]${members}}`
  return readBytes(text)
}

test('an escaped name is understood or refused, whatever name was read there before', () => {
  for (const [name, escaped] of Object.entries({ n: '\\u006e', stream: '\\u0073tream' })) {
    read(',"\\\\":1')
    const value = name === 'n' ? '100' : 'true'
    try {
      const call = read(`,"${escaped}":${value}`)
      assert.equal(name === 'n' ? call.choices === 100 : call.streamed, true)
    } catch (error) {
      assert.ok(error instanceof Refused)
      assert.equal(error.wire.status, 400)
    }
  }
})

test('a message whose names hold a backslash is refused', () => {
  const text = '{"model":"m","messages":[{"role":"user","\\\\":1,"content":"hi"}]}'
  assert.throws(() => readBytes(text), Refused)
  const part = '{"model":"m","messages":[{"role":"user","content":[{"\\\\":1,"type":"text"}]}]}'
  assert.throws(() => readBytes(part), Refused)
})
