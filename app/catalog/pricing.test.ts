import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { present } from '../../test/present.ts'
import { noUsage, type Usage } from '../ledger/ledger.server.ts'
import { askFor, costOf, isPriced } from './pricing.ts'
import type { Terms } from './terms.ts'

const price = fc.integer({ min: 0, max: 180_000_000_000 })
const maybePrice = fc.option(price)
const tier = fc.record({
  input: price,
  cachedInput: maybePrice,
  cacheWrite: maybePrice,
  output: price,
})
const termsOf = fc
  .record({
    low: tier,
    high: tier,
    bound: fc.integer({ min: 1, max: 500_000 }),
    times: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ low, high, bound, times }): Terms => ({
    tiers: [
      { ...low, upToInputTokens: bound },
      { ...high, upToInputTokens: null },
    ],
    multipliers: { priority: times },
    serviceTiers: ['priority'],
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

test('a call costs the sum of its classes at the tier of its input, rounded up once', () => {
  const check = fc.property(termsOf, usageOf, fc.boolean(), (terms, usage, isPriority) => {
    const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = usage
    const at =
      inputTokens <= present(present(terms.tiers[0]).upToInputTokens)
        ? present(terms.tiers[0])
        : present(terms.tiers[1])
    const classes: [number, number][] = [
      [inputTokens - cachedTokens - cacheWriteTokens, at.input],
      [cachedTokens, at.cachedInput ?? at.input],
      [cacheWriteTokens, at.cacheWrite ?? at.input],
      [outputTokens, at.output],
    ]
    const sum = classes.reduce((total, [tokens, each]) => total + BigInt(tokens) * BigInt(each), 0n)
    const scaled = sum * BigInt(isPriority ? present(terms.multipliers.priority) : 1)
    const expected = scaled / 1_000_000n + (scaled % 1_000_000n > 0n ? 1n : 0n)
    const cost = costOf(terms, usage, isPriority ? 'priority' : null)
    assert.equal(BigInt(cost), expected)
  })
  fc.assert(check, { numRuns: 20_000 })
})

test('no call within its bounds costs more than was asked for it', () => {
  const check = fc.property(termsOf, usageOf, fc.nat(100_000), (terms, usage, spare) => {
    const { inputTokens, outputTokens } = usage
    const bound = {
      inputTokens: inputTokens + spare,
      outputTokensWanted: outputTokens,
      outputTokensMax: outputTokens,
      choices: 1,
    }
    const ask = askFor(terms, bound, 'priority')
    const most = ask.inputScaled + ask.outputScaledPerToken * BigInt(outputTokens)
    assert.ok(BigInt(costOf(terms, usage, 'priority')) <= most / 1_000_000n + 1n)
  })
  fc.assert(check, { numRuns: 20_000 })
})

test('an unknown word for a service tier costs the plain price', () => {
  const terms: Terms = {
    tiers: [
      { upToInputTokens: null, input: 1e6, cachedInput: null, cacheWrite: null, output: 1e6 },
    ],
    multipliers: { priority: 2 },
    serviceTiers: ['priority'],
  }
  const usage = { ...noUsage, inputTokens: 3 }
  for (const tier of ['__proto__', 'constructor', 'scale', '', null]) {
    assert.equal(costOf(terms, usage, tier), 3)
  }
  assert.equal(costOf(terms, usage, 'priority'), 6)
})

test('a service tier is sold where its price is known, or lower than the plain one', () => {
  const terms: Terms = {
    tiers: [{ upToInputTokens: null, input: 1, cachedInput: null, cacheWrite: null, output: 1 }],
    multipliers: { priority: 2 },
    serviceTiers: ['flex', 'priority', 'express'],
  }
  for (const tier of [null, 'auto', 'default', 'flex', 'priority']) assert.ok(isPriced(terms, tier))
  for (const tier of ['express', 'scale', '__proto__', '']) assert.ok(!isPriced(terms, tier))
  assert.ok(!isPriced({ ...terms, serviceTiers: [] }, 'priority'))
})
