import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { anyFactor, anyServiceTier, anyTerms, anyUsed } from '../../test/ledger/any-price.ts'
import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import type { Used } from './charged-units.ts'
import { askFor, costOf, isPriced, sellsSearches, tierCharged } from './pricing.ts'
import { Terms, termsAt, type TermsNow } from './terms.ts'

/** `RUNS=1000000 npm test -- catalog/pricing` takes minutes, and draws that many. */
const numRuns = Number(process.env.RUNS ?? 20_000)
const fewerRuns = Math.ceil(numRuns / 4)

const least = (...of: bigint[]) => of.reduce((a, b) => (a < b ? a : b))

/** How much of a stretch of so many, that begins there, is within the whole. */
const within = (from: bigint, many: bigint, whole: bigint) =>
  least(from + many, whole) - least(from, whole)

/**
 * The sum of counts times prices, by arithmetic that shares nothing with the code it judges: all
 * tokens stand in a row, and each part is the next stretch of it, as far as the row goes. In basis
 * points: those of the service tier, but for fees.
 */
function oracle({ tiers }: TermsNow, used: Used, tierPoints = 10_000): bigint {
  const count = (of: keyof NonNullable<Used['more']>) => BigInt(used.more?.[of] ?? 0)
  const [input, output] = [BigInt(used.inputTokens), BigInt(used.outputTokens)]
  const [cached, written] = [BigInt(used.cachedTokens), BigInt(used.cacheWriteTokens)]
  const { prices: at } = present(
    tiers.find(({ upToInputTokens: to }) => to === null || used.inputTokens <= to),
  )
  const isCached = least(cached, input)
  const isWritten = within(cached, written, input)
  const soundCached = least(count('cachedInputAudio'), count('inputAudio'), isCached)
  const sound = count('inputAudio') - soundCached
  const isSound = within(cached + written, sound, input)
  const isPicture = within(cached + written + sound, count('inputImage'), input)
  const forAnHour = least(count('cacheWrite1h'), isWritten)
  const thought = at.reasoning === undefined ? 0n : BigInt(used.reasoningTokens)
  const spoken = count('outputAudio')
  const cachedPrice = at.cachedInput ?? at.input
  const writePrice = at.cacheWrite ?? at.input
  const isOne =
    input + output > 0n || Object.values(used.more ?? {}).some((many) => many > 0) ? 1n : 0n
  const asked = used.more?.requests === undefined ? isOne : count('requests')
  const lines: [bigint, number | undefined][] = [
    [input - isCached - isWritten - isSound - isPicture, at.input],
    [isCached - soundCached, cachedPrice],
    [soundCached, at.cachedInputAudio ?? at.cachedInput ?? at.inputAudio ?? at.input],
    [isWritten - forAnHour, writePrice],
    [forAnHour, at.cacheWrite1h ?? writePrice],
    [isSound, at.inputAudio ?? at.input],
    [isPicture, at.inputImage ?? at.input],
    [output - least(output, thought + spoken + count('outputImage')), at.output],
    [within(0n, thought, output), at.reasoning],
    [within(thought, spoken, output), at.outputAudio ?? at.output],
    [within(thought + spoken, count('outputImage'), output), at.outputImage ?? at.output],
    [count('seconds'), at.seconds],
    [count('characters'), at.characters],
    [count('images'), at.images],
  ]
  const fees = count('searches') * BigInt(at.searches ?? 0) + asked * BigInt(at.requests ?? 0)
  assert.ok(lines.every(([many]) => many >= 0n))
  const work = lines.reduce((sum, [many, price = 0]) => sum + many * BigInt(price), 0n)
  return work * BigInt(tierPoints) + fees * 10_000n
}

test('a call costs its units times their prices and all factors, rounded up once', () => {
  const factors = fc.record({ priceFactor: anyFactor, accountFactor: anyFactor })
  const check = fc.property(
    anyTerms,
    anyUsed,
    anyServiceTier,
    factors,
    (terms, used, asked, { priceFactor, accountFactor }) => {
      const own = asked === 'fast' || asked === 'flex' ? terms.basisPoints[asked] : 10_000
      const factors = BigInt(priceFactor) * BigInt(accountFactor)
      const scaled = oracle(terms, used, present(own)) * factors
      const nano = 10n ** 18n
      const expected = scaled / nano + (scaled % nano > 0n ? 1n : 0n)
      const cost = costOf(terms, used, asked, { priceFactor, accountFactor })
      assert.equal(BigInt(cost), least(expected, BigInt(Number.MAX_SAFE_INTEGER)))
      if (priceFactor === 10_000 && accountFactor === 10_000)
        assert.equal(costOf(terms, used, asked), cost)
    },
  )
  fc.assert(check, { numRuns })
})

test('a call of plain units at plain prices, which is reckoned in numbers, costs the same', () => {
  const price = fc.oneof(
    fc.integer({ min: 0, max: 1_000_000_000 }),
    fc.constantFrom(0, 1, 999_999, 1_000_001, 9_007_199_254, 1_000_000_000_000_000),
  )
  const plainTerms = fc
    .record(
      { input: price, output: price, cachedInput: price, cacheWrite: price },
      { requiredKeys: ['input', 'output'] },
    )
    .map((prices): TermsNow => {
      return { tiers: [{ upToInputTokens: null, prices }], basisPoints: {}, serviceTiers: [] }
    })
  const check = fc.property(plainTerms, anyUsed, (terms, { more: _more, ...used }) => {
    const scaled = oracle(terms, used)
    const nano = 10n ** 10n
    const expected = scaled / nano + (scaled % nano > 0n ? 1n : 0n)
    const cost = costOf(terms, used, null)
    assert.equal(BigInt(cost), least(expected, BigInt(Number.MAX_SAFE_INTEGER)))
  })
  fc.assert(check, { numRuns })
})

test('no call within its bounds costs more than was asked for it, whichever offer answers', () => {
  const anyOffers = fc.array(fc.record({ terms: anyTerms, priceFactor: anyFactor }), {
    minLength: 1,
    maxLength: 3,
  })
  const check = fc.property(
    anyOffers,
    anyUsed,
    anyServiceTier,
    fc.record({ spare: fc.nat(100_000), choices: fc.integer({ min: 1, max: 3 }) }),
    anyFactor,
    (offers, given, asked, { spare, choices }, accountFactor) => {
      const { more: { searches = 0, requests: _r, seconds: _t, ...parts } = {} } = given
      const { characters: _c, images: _i, ...rest } = parts
      const more = { ...rest, searches: Math.min(searches, limits.prices.searchesHeld) }
      const used = { ...given, more }
      const { inputTokens, outputTokens } = used
      const outputTokensMax = Math.ceil(outputTokens / choices)
      const bound = {
        inputTokens: inputTokens + spare,
        outputTokensWanted: outputTokensMax,
        outputTokensMax,
        choices,
        searches: limits.prices.searchesHeld,
      }
      const ask = askFor(offers, bound, asked)
      const most = ask.inputScaled + ask.outputScaledPerToken * BigInt(outputTokensMax)
      const hold = (most * BigInt(accountFactor) + 10n ** 10n - 1n) / 10n ** 10n
      // As it was asked for, and as an upstream serves it that knows no such tier.
      for (const served of [asked, 'default', null]) {
        for (const { terms, priceFactor } of offers) {
          const cost = costOf(terms, used, served, { priceFactor, accountFactor })
          assert.ok(BigInt(cost) <= hold, `${cost} is more than ${hold}`)
        }
      }
    },
  )
  fc.assert(check, { numRuns: fewerRuns })
})

test('what input comes to at the least is no more than any count of it comes to', () => {
  const check = fc.property(anyTerms, fc.nat(1_000_000), anyServiceTier, (terms, tokens, asked) => {
    const ask = (inputTokens: number) => {
      const bound = { inputTokens, outputTokensWanted: 1, outputTokensMax: 1, choices: 1 }
      return askFor([{ terms, priceFactor: 10_000 }], bound, asked)
    }
    const least = present(ask(tokens).inputLeastScaled)
    for (const counted of [Math.ceil(tokens / 16), Math.ceil(tokens / 4), tokens])
      assert.ok(least <= ask(counted).inputScaled)
  })
  fc.assert(check, { numRuns: fewerRuns })
})

describe('what is charged of a usage', () => {
  const prices = {
    input: 1_000_000,
    cachedInput: 100_000,
    cacheWrite: 1_250_000,
    output: 4_000_000,
    inputAudio: 10_000_000,
    requests: 7_000_000,
  }
  const terms: TermsNow = {
    tiers: [{ upToInputTokens: null, prices }],
    basisPoints: {},
    serviceTiers: [],
  }
  const none = { cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  const cost = (used: Partial<Used>) => costOf(terms, { inputTokens: 0, ...none, ...used }, null)

  test('is one request where it is anything at all, and none where it is nothing', () => {
    assert.equal(cost({}), 0)
    assert.equal(cost({ inputTokens: 1 }), 8)
    assert.equal(cost({ outputTokens: 1 }), 11)
    assert.equal(cost({ more: { images: 1 } }), 7)
    assert.equal(cost({ more: { searches: 0 } }), 0)
    assert.equal(cost({ inputTokens: 1, more: { requests: 3 } }), 22)
  })

  test('is sound at its own price, and what is cached of it at that of the cache', () => {
    assert.equal(cost({ inputTokens: 10, more: { inputAudio: 4 } }), 6 + 40 + 7)
    const used = {
      inputTokens: 100,
      cachedTokens: 50,
      more: { inputAudio: 20, cachedInputAudio: 10 },
    }
    // Forty plain, ten of sound, fifty from the cache.
    assert.equal(cost(used), 40 + 100 + 5 + 7)
    // Sound is said to be cached, and nothing is: all of it is charged as sound.
    assert.equal(cost({ ...used, cachedTokens: 0 }), 80 + 200 + 7)
  })

  test('is never more than its whole, and never less than nothing', () => {
    const all = cost({ inputTokens: 10, more: { inputAudio: 10 } })
    assert.equal(cost({ inputTokens: 10, more: { inputAudio: 999 } }), all)
    assert.equal(cost({ inputTokens: 10, more: { inputAudio: 999, inputImage: 999 } }), all)
    assert.equal(cost({ inputTokens: 10, cachedTokens: 10, cacheWriteTokens: 10 }), 1 + 7)
    assert.equal(cost({ inputTokens: 10, more: { inputImage: -5 } }), 10 + 7)
  })
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

  test('leaves fees of requests and searches as they are, and all that is a model’s work it does not', () => {
    const prices = { ...terms.tiers[0]!.prices, requests: 7e6, searches: 11e6, seconds: 20e6 }
    const withFees = { ...terms, tiers: [{ upToInputTokens: null, prices }] }
    const used = { ...usage, more: { searches: 2, seconds: 1 } }
    assert.equal(costOf(withFees, used, null), 4 + 20 + 7 + 22)
    assert.equal(costOf(withFees, used, 'flex'), 2 + 10 + 7 + 22)
    assert.equal(costOf(withFees, used, 'priority'), 10 + 50 + 7 + 22)
    const factors = { priceFactor: 20_000, accountFactor: 5_000 }
    assert.equal(costOf(withFees, used, 'flex', { ...factors, accountFactor: 10_000 }), 82)
    assert.equal(costOf(withFees, used, 'flex', factors), 41)
    const bound = {
      inputTokens: 4,
      outputTokensWanted: 0,
      outputTokensMax: 0,
      choices: 1,
      searches: 8,
    }
    const { inputScaled } = askFor([{ terms: withFees, priceFactor: 10_000 }], bound, 'priority')
    assert.equal(inputScaled, BigInt(4 * 2.5e6 + 7e6 + 8 * 11e6))
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

test('searches are sold where each tier has a price for them, and 0 is one', () => {
  const sold = (...searches: (number | undefined)[]) =>
    sellsSearches({
      terms: {
        tiers: searches.map((price, i) => ({
          upToInputTokens: i < searches.length - 1 ? 1_000 : null,
          prices: { input: 1, output: 1, ...(price !== undefined && { searches: price }) },
        })),
      },
    })
  assert.deepEqual([sold(10), sold(0), sold(10, 0)], [true, true, true])
  assert.deepEqual([sold(undefined), sold(10, undefined)], [false, false])
})
