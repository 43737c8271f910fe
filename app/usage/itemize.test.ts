import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { costOf, type Terms } from '../catalog/catalog.server.ts'
import { itemizeCall } from './itemize.ts'
import type { Receipt } from './receipt.ts'

const price = fc.integer({ min: 0, max: 200_000_000_000 })
const tier = fc.record({
  input: price,
  cachedInput: fc.option(price),
  cacheWrite: fc.option(price),
  output: price,
})
const terms: fc.Arbitrary<Terms> = fc.record({ low: tier, high: tier }).map(({ low, high }) => ({
  tiers: [
    { upToInputTokens: 1_000, ...low },
    { upToInputTokens: null, ...high },
  ],
  multipliers: { priority: 2 },
  serviceTiers: ['priority'],
}))
const tokens = fc.integer({ min: 0, max: 20_000 })

/** Dollars as text in millionths of a nano-dollar. */
function scaledOf(usd: string): bigint {
  const [whole = '', parts = ''] = usd.split('.')
  return BigInt(whole + parts.padEnd(15, '0'))
}

test('the items of a receipt add up to its sum, and that, rounded up once, is the cost', () => {
  fc.assert(
    fc.property(
      terms,
      fc.tuple(tokens, tokens, tokens, tokens),
      fc.constantFrom(null, 'default', 'priority', 'unheard of'),
      (terms, [plain, cachedTokens, cacheWriteTokens, outputTokens], serviceTier) => {
        const inputTokens = plain + cachedTokens + cacheWriteTokens
        const used = { inputTokens, cachedTokens, cacheWriteTokens, outputTokens }
        const call = { ...used, serviceTier } as unknown as Receipt['call']
        const { items, sum, isRounded } = present(itemizeCall({ call, terms, entries: [] }))
        const total = items.reduce((all, { amount }) => all + scaledOf(amount), 0n)
        assert.equal(scaledOf(sum), total)
        for (const { tokens, priceNanos, amount } of items)
          assert.equal(scaledOf(amount), BigInt(tokens) * BigInt(priceNanos))
        const usage = { ...used, reasoningTokens: 0, source: 'upstream' as const, flag: null }
        const cost = BigInt(costOf(terms, usage, serviceTier)) * 1_000_000n
        assert.ok(cost >= total && cost - total < 1_000_000n)
        assert.equal(isRounded, cost !== total)
      },
    ),
  )
})

test('without its price there is nothing to itemize', () => {
  const call = {} as unknown as Receipt['call']
  assert.equal(itemizeCall({ call, terms: null, entries: [] }), undefined)
})
