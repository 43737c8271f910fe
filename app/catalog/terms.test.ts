import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import published from './openai-prices.json' with { type: 'json' }
import { costOf } from './pricing.ts'
import { PublishedModel, termsOf } from './seed.ts'
import { storedTerms, Terms, termsAt } from './terms.ts'
import { windowText } from './windows.ts'

type Window = { days?: number[]; from: string; to: string }
const flat = (input: number) => ({ upToInputTokens: null, prices: { input, output: 2 * input } })
const rowOf = (times: { when: Window[] | null; tiers: object[] }[]) => ({
  times,
  basisPoints: { flex: 5_000 },
  serviceTiers: ['flex'],
})
const priced = (...times: [Window[], number][]) =>
  Terms.parse(
    rowOf([
      ...times.map(([when, input]) => ({ when, tiers: [flat(input)] })),
      { when: null, tiers: [flat(1_000_000)] },
    ]),
  )
const used = {
  inputTokens: 1_001,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
}
const costAt = (terms: Terms, at: string, serviceTier: string | null = null) =>
  costOf(termsAt(terms, new Date(at)), used, serviceTier)

describe('a price with peak hours', () => {
  const peak = priced([[{ from: '00:30', to: '04:00' }], 3_000_000])

  test('is another one from 04:00:00 on, and flex is half of either', () => {
    const [before, after] = ['2026-11-26T03:59:59Z', '2026-11-26T04:00:00Z']
    assert.equal(costAt(peak, before), 3_003)
    assert.equal(costAt(peak, '2026-11-26T03:59:59.999Z'), 3_003)
    assert.equal(costAt(peak, after), 1_001)
    assert.equal(costAt(peak, before, 'flex'), 1_502)
    assert.equal(costAt(peak, after, 'flex'), 501)
    assert.equal(costAt(peak, '2026-11-26T00:30:00Z'), 3_003)
    assert.equal(costAt(peak, '2026-11-26T00:29:59.999Z'), 1_001)
  })

  test('is by UTC, whatever the clock of the machine says', () => {
    assert.equal(costAt(peak, '2026-11-26T05:59:59+02:00'), 3_003)
    assert.equal(costAt(peak, '2026-11-26T06:00:00+02:00'), 1_001)
  })
})

describe('a window', () => {
  const holds = (window: Window, at: string) => costAt(priced([[window], 3_000_000]), at) === 3_003

  test('of some days is of those alone', () => {
    const friday = { days: [5], from: '08:00', to: '18:00' }
    assert.ok(holds(friday, '2026-11-27T08:00:00Z'))
    assert.ok(!holds(friday, '2026-11-27T18:00:00Z'))
    assert.ok(!holds(friday, '2026-11-26T12:00:00Z'))
    const sunday = { days: [7], from: '00:00', to: '24:00' }
    assert.ok(holds(sunday, '2026-11-29T00:00:00Z'))
    assert.ok(holds(sunday, '2026-11-29T23:59:59.999Z'))
    assert.ok(!holds(sunday, '2026-11-30T00:00:00Z'))
  })

  test('that goes on past midnight is of the day that it begins on', () => {
    const night = { days: [5], from: '22:00', to: '06:00' }
    assert.ok(holds(night, '2026-11-27T22:00:00Z'))
    assert.ok(holds(night, '2026-11-28T05:59:59Z'))
    assert.ok(!holds(night, '2026-11-28T06:00:00Z'))
    assert.ok(!holds(night, '2026-11-27T05:59:59Z'))
    const sunday = { days: [7], from: '22:00', to: '06:00' }
    assert.ok(holds(sunday, '2026-11-30T05:00:00Z'))
    assert.ok(!holds(sunday, '2026-11-29T05:00:00Z'))
    const midnight = { days: [5], from: '22:00', to: '00:00' }
    assert.ok(holds(midnight, '2026-11-27T23:59:59Z'))
    assert.ok(!holds(midnight, '2026-11-28T00:00:00Z'))
  })

  test('is one of several, and the first of the times that holds is the price', () => {
    const two = [
      { from: '01:00', to: '02:00' },
      { from: '03:00', to: '04:00' },
    ]
    const terms = priced([two, 3_000_000], [[{ from: '00:00', to: '12:00' }], 2_000_000])
    const at = (time: string) => costAt(terms, `2026-11-26T${time}Z`)
    assert.deepEqual(
      [at('01:30:00'), at('02:30:00'), at('03:30:00'), at('12:00:00')],
      [3_003, 2_002, 3_003, 1_001],
    )
  })

  test('is said as it is typed', () => {
    const from = { from: '22:00', to: '06:00' }
    assert.equal(windowText(from), '22:00-06:00')
    assert.equal(windowText({ ...from, days: [1, 2, 3, 4, 5] }), 'mon-fri@22:00-06:00')
    assert.equal(windowText({ ...from, days: [7, 1, 2, 4] }), 'mon-tue,thu,sun@22:00-06:00')
  })
})

describe('a price row', () => {
  test('that the old form can say is written in it, and means the same', () => {
    for (const line of published.models) {
      const terms = termsOf(PublishedModel.parse(line))
      const stored = JSON.parse(JSON.stringify(storedTerms(terms, true))) as { tiers: object[] }
      assert.deepEqual(Object.keys(stored.tiers[0] ?? {}).slice(0, 5), [
        'upToInputTokens',
        'input',
        'cachedInput',
        'cacheWrite',
        'output',
      ])
      assert.deepEqual(Terms.parse(stored), terms)
    }
  })

  test('that it cannot say is written as it is, and read again', () => {
    const peak = priced([[{ days: [1], from: '01:00', to: '04:00' }], 5])
    const prices = { input: 1, output: 1, searches: 5 }
    const always = rowOf([{ when: null, tiers: [{ upToInputTokens: null, prices }] }])
    for (const terms of [peak, Terms.parse(always)]) {
      assert.ok('times' in storedTerms(terms))
      assert.deepEqual(Terms.parse(JSON.parse(JSON.stringify(storedTerms(terms)))), terms)
    }
  })

  const always = { when: null, tiers: [flat(1)] }
  const bounded = (to: number | null) => ({ ...flat(1), upToInputTokens: to })
  const at = (...when: Window[]) => ({ when, tiers: [flat(1)] })
  const noon = { from: '11:00', to: '13:00' }
  const tiersOf = (...tos: (number | null)[]) => [{ when: null, tiers: tos.map(bounded) }]
  const priceOf = (prices: object) => [{ when: null, tiers: [{ upToInputTokens: null, prices }] }]
  const wrong: Record<string, object> = {
    'without times': rowOf([]),
    'of eleven times': rowOf([...Array<typeof always>(10).fill(at(noon) as never), always]),
    'whose last time is not for always': rowOf([at(noon)]),
    'with a time after the one for always': rowOf([always, always]),
    'of fifteen windows': rowOf([at(...Array<Window>(15).fill(noon)), always]),
    'without a window': rowOf([at(), always]),
    'of an hour that is none': rowOf([at({ from: '25:00', to: '26:00' }), always]),
    'of an hour without its nought': rowOf([at({ from: '8:00', to: '9:00' }), always]),
    'of a window that begins at 24:00': rowOf([at({ from: '24:00', to: '06:00' }), always]),
    'of a window that ends as it begins': rowOf([at({ from: '08:00', to: '08:00' }), always]),
    'of a day eight': rowOf([at({ ...noon, days: [8] }), always]),
    'of a day named twice': rowOf([at({ ...noon, days: [1, 1] }), always]),
    'of no day': rowOf([at({ ...noon, days: [] }), always]),
    'of eleven tiers': rowOf(tiersOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, null)),
    'of tiers that fall': rowOf(tiersOf(2, 1, null)),
    'of a tier twice': rowOf(tiersOf(1, 1, null)),
    'whose last tier has a bound': rowOf(tiersOf(1, 2)),
    'of half a nano-dollar': rowOf(priceOf({ input: 0.5, output: 1 })),
    'below nothing': rowOf(priceOf({ input: -1, output: 1 })),
    'beyond all bounds': rowOf(priceOf({ input: 9_100_000_000_000_000, output: 1 })),
    'without a price of output': rowOf(priceOf({ input: 1 })),
    'of a unit that nobody knows': rowOf(priceOf({ input: 1, output: 1, smells: 1 })),
  }
  for (const [what, row] of Object.entries(wrong)) {
    test(`${what} is none`, () => assert.ok(!Terms.safeParse(row).success))
  }
  test('of as much as there may be is one', () => {
    const many = Array<Window>(14).fill(noon)
    const times = [...Array<ReturnType<typeof at>>(9).fill(at(...many)), always]
    assert.ok(Terms.safeParse(rowOf(times)).success)
    assert.ok(Terms.safeParse(rowOf(tiersOf(1, 2, 3, 4, 5, 6, 7, 8, 9, null))).success)
  })
})
