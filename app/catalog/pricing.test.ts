import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { present } from '../../test/present.ts'
import { noUsage, type Usage } from '../ledger/ledger.server.ts'
import { askFor, costOf, isPriced, tierCharged } from './pricing.ts'
import { Terms, termsAt, type TermsNow } from './terms.ts'

const price = fc.integer({ min: 0, max: 180_000_000_000 })
const maybePrice = fc.option(price, { nil: undefined })
const prices = fc.record({
  input: price,
  cachedInput: maybePrice,
  cacheWrite: maybePrice,
  output: price,
})
const termsOf = fc
  .record({
    all: fc.tuple(prices, prices, prices),
    bound: fc.integer({ min: 1, max: 500_000 }),
    further: fc.integer({ min: 1, max: 500_000 }),
    fast: fc.integer({ min: 1, max: 40_000 }),
    flex: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ all: [low, middle, high], bound, further, fast, flex }): TermsNow => ({
    tiers: [
      { upToInputTokens: bound, prices: low },
      { upToInputTokens: bound + further, prices: middle },
      { upToInputTokens: null, prices: high },
    ],
    basisPoints: { fast, flex },
    serviceTiers: ['fast', 'flex'],
  }))
const usageOf = fc
  .record({
    inputTokens: fc.integer({ min: 0, max: 1_000_000 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    written: fc.double({ min: 0, max: 1, noNaN: true }),
    outputTokens: fc.integer({ min: 0, max: 300_000 }),
  })
  .map(({ inputTokens, cached, written, outputTokens }): Usage => {
    const cachedTokens = Math.floor(inputTokens * cached)
    const cacheWriteTokens = Math.floor((inputTokens - cachedTokens) * written)
    return { ...noUsage, inputTokens, cachedTokens, cacheWriteTokens, outputTokens }
  })
const serviceTier = fc.constantFrom(null, 'auto', 'default', 'fast', 'flex', 'unheard of')

test('a call costs the sum of its classes at the tier of its input, rounded up once', () => {
  const check = fc.property(termsOf, usageOf, serviceTier, (terms, usage, asked) => {
    const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = usage
    const { prices: at } = present(
      terms.tiers.find(({ upToInputTokens: to }) => to === null || inputTokens <= to),
    )
    const classes: [number, number][] = [
      [inputTokens - cachedTokens - cacheWriteTokens, at.input],
      [cachedTokens, at.cachedInput ?? at.input],
      [cacheWriteTokens, at.cacheWrite ?? at.input],
      [outputTokens, at.output],
    ]
    const sum = classes.reduce((total, [tokens, each]) => total + BigInt(tokens) * BigInt(each), 0n)
    const points = asked === 'fast' || asked === 'flex' ? terms.basisPoints[asked] : 10_000
    const scaled = sum * BigInt(present(points))
    const nano = 10n ** 10n
    const expected = scaled / nano + (scaled % nano > 0n ? 1n : 0n)
    assert.equal(BigInt(costOf(terms, usage, asked)), expected)
  })
  fc.assert(check, { numRuns: 20_000 })
})

test('no call within its bounds costs more than was asked for it, at any tier it can reach', () => {
  const within = fc.double({ min: 0, max: 1, noNaN: true })
  const check = fc.property(
    termsOf,
    usageOf,
    serviceTier,
    fc.nat(100_000),
    within,
    (terms, usage, asked, spare, part) => {
      const { inputTokens, outputTokens } = usage
      const bound = {
        inputTokens: inputTokens + spare,
        outputTokensWanted: outputTokens,
        outputTokensMax: outputTokens,
        choices: 1,
      }
      const ask = askFor([{ terms, priceFactor: 10_000 }], bound, asked)
      const most = ask.inputScaled + ask.outputScaledPerToken * BigInt(outputTokens)
      const hold = (most + 999_999n) / 1_000_000n
      // As it was asked for, and as an upstream serves it that knows no such tier.
      for (const served of [asked, 'default', null])
        assert.ok(BigInt(costOf(terms, usage, served)) <= hold)
      const less = { ...noUsage, inputTokens: Math.floor(inputTokens * part), outputTokens }
      assert.ok(BigInt(costOf(terms, less, asked)) <= hold)
    },
  )
  fc.assert(check, { numRuns: 20_000 })
})

test('what input comes to at the least is no more than any count of it comes to', () => {
  const check = fc.property(termsOf, fc.nat(1_000_000), serviceTier, (terms, tokens, asked) => {
    const ask = (inputTokens: number) => {
      const bound = { inputTokens, outputTokensWanted: 1, outputTokensMax: 1, choices: 1 }
      return askFor([{ terms, priceFactor: 10_000 }], bound, asked)
    }
    const least = present(ask(tokens).inputLeastScaled)
    for (const counted of [Math.ceil(tokens / 16), Math.ceil(tokens / 4), tokens])
      assert.ok(least <= ask(counted).inputScaled)
  })
  fc.assert(check, { numRuns: 5_000 })
})

describe('a service tier', () => {
  const terms: TermsNow = {
    tiers: [{ upToInputTokens: null, prices: { input: 1e6, output: 1e6 } }],
    basisPoints: { priority: 25_000, flex: 5_000, free: 1 },
    serviceTiers: ['flex', 'priority', 'express'],
  }
  const usage = { ...noUsage, inputTokens: 4 }

  test('costs its part of the plain price, half of it or two and a half times', () => {
    assert.equal(costOf(terms, usage, 'default'), 4)
    assert.equal(costOf(terms, usage, 'priority'), 10)
    assert.equal(costOf(terms, usage, 'flex'), 2)
    assert.equal(costOf(terms, { ...usage, inputTokens: 3 }, 'flex'), 2)
    assert.equal(costOf(terms, usage, 'free'), 1)
  })

  test('that is an unknown word costs the plain price', () => {
    for (const tier of ['__proto__', 'constructor', 'scale', '', null])
      assert.equal(costOf(terms, usage, tier), 4)
  })

  test('is sold where its price is known, or lower than the plain one', () => {
    for (const tier of [null, 'auto', 'default', 'flex', 'priority'])
      assert.ok(isPriced(terms, tier))
    for (const tier of ['express', 'scale', '__proto__', '']) assert.ok(!isPriced(terms, tier))
    assert.ok(!isPriced({ ...terms, serviceTiers: [] }, 'priority'))
  })

  test('is what the upstream says; a cheaper one that it does not mention is the plain one', () => {
    assert.equal(tierCharged(terms, 'priority', 'default'), 'default')
    assert.equal(tierCharged(terms, null, 'flex'), 'flex')
    assert.equal(tierCharged(terms, 'priority', null), 'priority')
    assert.equal(tierCharged(terms, 'auto', null), 'auto')
    for (const nothing of [null, '']) assert.equal(tierCharged(terms, 'flex', nothing), null)
    assert.equal(tierCharged(terms, 'priority', ''), 'priority')
  })

  test('of a row from before there were basis points costs what it cost', () => {
    const flat = { cachedInput: null, cacheWrite: null, input: 1e6, output: 1e6 }
    const tiers = [{ upToInputTokens: null, ...flat }]
    const old = { tiers, multipliers: { priority: 2 }, serviceTiers: ['flex'] }
    const now = new Date()
    const read = Terms.parse(JSON.parse(JSON.stringify(old)))
    assert.deepEqual(read, {
      times: [{ when: null, tiers: terms.tiers }],
      basisPoints: { priority: 20_000 },
      serviceTiers: ['flex'],
    })
    assert.equal(costOf(termsAt(read, now), usage, 'priority'), 8)
    assert.equal(costOf(termsAt(read, now), usage, 'flex'), 4)
    assert.deepEqual(Terms.parse(read), read)
    const { multipliers, ...neither } = old
    for (const bad of [neither, { ...neither, multipliers: { x: 0.5 } }, null, 'text'])
      assert.ok(!Terms.safeParse(bad).success, JSON.stringify([bad, multipliers]))
  })
})
