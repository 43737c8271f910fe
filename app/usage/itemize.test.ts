import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { costOf, type TermsNow } from '../catalog/catalog.server.ts'
import { itemizeCall } from './itemize.ts'
import type { Receipt } from './receipt.ts'

const price = fc.integer({ min: 0, max: 200_000_000_000 })
const some = { nil: undefined }
const prices = fc.record({
  input: price,
  cachedInput: fc.option(price, some),
  cacheWrite: fc.option(price, some),
  output: price,
})
const terms: fc.Arbitrary<TermsNow> = fc
  .record({ low: prices, high: prices })
  .map(({ low, high }) => ({
    tiers: [
      { upToInputTokens: 1_000, prices: low },
      { upToInputTokens: null, prices: high },
    ],
    basisPoints: { priority: 25_000, odd: 3_333 },
    serviceTiers: ['priority'],
  }))
const tokens = fc.integer({ min: 0, max: 20_000 })

/** Dollars as text, in units of so many decimals after the point. */
function unitsOf(usd: string, decimals: number): bigint {
  const [whole = '', parts = ''] = usd.split('.')
  assert.ok(parts.length <= decimals)
  return BigInt(whole + parts.padEnd(decimals, '0'))
}
const nano = 10n ** 18n

test('the items of a receipt add up to its sum, and that, rounded up once, is the cost', () => {
  fc.assert(
    fc.property(
      terms,
      fc.tuple(tokens, tokens, tokens, tokens),
      fc.constantFrom(null, 'default', 'priority', 'odd', 'unheard of'),
      (terms, [plain, cachedTokens, cacheWriteTokens, outputTokens], serviceTier) => {
        const inputTokens = plain + cachedTokens + cacheWriteTokens
        const used = {
          reasoningTokens: 0,
          inputTokens,
          cachedTokens,
          cacheWriteTokens,
          outputTokens,
        }
        const call = { ...used, serviceTier } as unknown as Receipt['call']
        const { items, sum, isRounded } = present(itemizeCall({ call, terms, entries: [] }))
        const total = items.reduce((all, { amount }) => all + unitsOf(amount, 27), 0n)
        assert.equal(unitsOf(sum, 27), total)
        for (const { count, price, amount } of items) {
          assert.match(price, /\.\d\d/)
          assert.equal(unitsOf(amount, 27), BigInt(count) * unitsOf(price, 21))
        }
        const cost = BigInt(costOf(terms, used, serviceTier)) * nano
        assert.ok(cost >= total && cost - total < nano)
        assert.equal(isRounded, cost !== total)
      },
    ),
  )
})

test('without its price there is nothing to itemize', () => {
  const call = {} as unknown as Receipt['call']
  assert.equal(itemizeCall({ call, terms: null, entries: [] }), undefined)
})

test('a price says its two decimals, and as many more as it has', () => {
  const priced = (input: number, output: number, serviceTier: string) => {
    const terms = {
      tiers: [{ upToInputTokens: null, prices: { input, output } }],
      basisPoints: { half: 5_000, odd: 3_333 },
      serviceTiers: [],
    }
    const used = {
      reasoningTokens: 0,
      inputTokens: 1,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 1,
    }
    const call = { ...used, serviceTier } as unknown as Receipt['call']
    const { items, multiplier } = present(itemizeCall({ call, terms, entries: [] }))
    return [...items.map(({ price }) => price), multiplier]
  }
  assert.deepEqual(priced(10_000_000_000, 2_500_000_000, 'default'), ['10.00', '2.50', 1])
  assert.deepEqual(priced(1_250_000_000, 1, 'half'), ['0.625', '0.0000000005', 0.5])
  assert.deepEqual(priced(0, 1, 'odd'), ['0.00', '0.0000000003333', 0.3333])
})
