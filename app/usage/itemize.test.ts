import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyFactor, anyServiceTier, anyTerms, anyUsed } from '../../test/ledger/any-price.ts'
import { costOf, type TermsNow } from '../catalog/catalog.server.ts'
import { itemizeCall } from './itemize.ts'
import type { Receipt } from './receipt.ts'

/** Dollars as text, in units of so many decimals after the point. */
function unitsOf(usd: string, decimals: number): bigint {
  const [whole = '', parts = ''] = usd.split('.')
  assert.ok(parts.length <= decimals)
  return BigInt(whole + parts.padEnd(decimals, '0'))
}
const decimals = 27
const nano = 10n ** 18n
const perWords = { each: 1n, 'a thousand': 1_000n, 'a million': 1_000_000n }

type Used = Partial<Receipt['call']> & { more?: Receipt['more'] | undefined }
const none = { reasoningTokens: 0, cachedTokens: 0, cacheWriteTokens: 0 }
function receiptOf(terms: TermsNow | null, { more = {}, ...used }: Used): Receipt {
  const facts = { serviceTier: null, priceFactor: null, accountFactor: null, ...none, ...used }
  return {
    call: facts as unknown as Receipt['call'],
    terms,
    when: null,
    more,
    tries: [],
    entries: [],
  }
}
function itemized(receipt: Receipt) {
  const found = itemizeCall(receipt)
  assert.ok(typeof found !== 'string')
  return found
}

test('the items of a receipt add up to its sum, and that, rounded up once, is the cost', () => {
  fc.assert(
    fc.property(
      anyTerms,
      anyUsed,
      anyServiceTier,
      fc.tuple(anyFactor, anyFactor),
      (terms, used, serviceTier, [priceFactor, own]) => {
        const accountFactor = own === 10_000 ? null : own
        const call = { ...used, serviceTier, priceFactor, accountFactor }
        const { items, sum, account, isRounded } = itemized(receiptOf(terms, call))
        const total = items.reduce((all, { amount }) => all + unitsOf(amount, decimals), 0n)
        assert.equal(unitsOf(sum, decimals), total)
        for (const { count, price, per, amount } of items) {
          assert.match(price, /\.\d\d/)
          const whole = unitsOf(amount, decimals) * perWords[per]
          assert.equal(whole, BigInt(count) * unitsOf(price, decimals))
        }
        assert.equal(account?.times ?? null, accountFactor && accountFactor / 10_000)
        const due = account ? unitsOf(account.sum, decimals) : total
        assert.equal(due * 10_000n, total * BigInt(own))
        const factors = { priceFactor, accountFactor: own }
        const cost = BigInt(costOf(terms, used, serviceTier, factors)) * nano
        if (cost < 9_007_199_254_740_991n * nano) {
          assert.ok(cost >= due && cost - due < nano)
          assert.equal(isRounded, cost !== due)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

test('without its price, or what was used besides tokens, there is nothing to itemize', () => {
  assert.equal(itemizeCall(receiptOf(null, {})), 'price')
  const terms = {
    tiers: [{ upToInputTokens: null, prices: { input: 1, output: 1 } }],
    basisPoints: {},
    serviceTiers: [],
  }
  assert.equal(itemizeCall({ ...receiptOf(terms, {}), more: null }), 'units')
})

test('a price says its two decimals, and as many more as it has', () => {
  const priced = (input: number, output: number, serviceTier: string) => {
    const terms = {
      tiers: [{ upToInputTokens: null, prices: { input, output } }],
      basisPoints: { half: 5_000, odd: 3_333 },
      serviceTiers: [],
    }
    const used = { inputTokens: 1, outputTokens: 1, serviceTier }
    const { items, multiplier } = itemized(receiptOf(terms, used))
    return [...items.map(({ price }) => price), multiplier]
  }
  assert.deepEqual(priced(10_000_000_000, 2_500_000_000, 'default'), ['10.00', '2.50', 1])
  assert.deepEqual(priced(1_250_000_000, 1, 'half'), ['0.625', '0.0000000005', 0.5])
  assert.deepEqual(priced(0, 1, 'odd'), ['0.00', '0.0000000003333', 0.3333])
})

const plainTiers = [
  { upToInputTokens: null, prices: { input: 2_000_000_000, output: 8_000_000_000 } },
]

test('a service tier is no factor of a fee, and the receipt says so where one was charged', () => {
  const prices = { input: 2_000_000_000, output: 8_000_000_000, requests: 5_000_000_000_000 }
  const terms = {
    tiers: [{ upToInputTokens: null, prices }],
    basisPoints: { flex: 5_000 },
    serviceTiers: ['flex'],
  }
  const call = { inputTokens: 1_000, outputTokens: 0, serviceTier: 'flex' }
  const receipt = itemized(receiptOf(terms, call))
  assert.deepEqual(
    receipt.items.map(({ unit, price, per }) => [unit, price, per]),
    [
      ['input', '1.00', 'a million'],
      ['output', '4.00', 'a million'],
      ['requests', '5.00', 'a thousand'],
    ],
  )
  assert.ok(receipt.hasFees)
  assert.ok(!itemized(receiptOf({ ...terms, tiers: plainTiers }, call)).hasFees)
})

test('every unit that was charged has a line, priced for as many as people say', () => {
  const prices = {
    input: 2_000_000_000,
    output: 8_000_000_000,
    reasoning: 4_000_000_000,
    inputAudio: 40_000_000_000,
    searches: 10_000_000_000_000,
    images: 40_000_000_000_000,
  }
  const terms = {
    tiers: [{ upToInputTokens: null, prices }],
    basisPoints: {},
    serviceTiers: [],
  }
  const more = { inputAudio: 100, searches: 2, images: 1, characters: 7 }
  const used = { inputTokens: 1_000, outputTokens: 500, reasoningTokens: 200, more }
  const receipt = itemized(receiptOf(terms, { ...used, accountFactor: 9_000 }))
  assert.deepEqual(
    receipt.items.map(({ unit, count, price, per, amount }) => [unit, count, price, per, amount]),
    [
      ['input', 900, '2.00', 'a million', '0.001800000'],
      ['inputAudio', 100, '40.00', 'a million', '0.004000000'],
      ['output', 300, '8.00', 'a million', '0.002400000'],
      ['reasoning', 200, '4.00', 'a million', '0.000800000'],
      ['searches', 2, '10.00', 'a thousand', '0.020000000'],
      ['characters', 7, '0.00', 'a million', '0.000000000'],
      ['images', 1, '0.04', 'each', '0.040000000'],
    ],
  )
  assert.equal(receipt.reasoningInside, 0)
  assert.deepEqual(
    [receipt.sum, receipt.account],
    ['0.069000000', { times: 0.9, sum: '0.062100000' }],
  )
})
