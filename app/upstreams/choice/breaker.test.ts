import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Breaker, type Ticket } from './breaker.ts'

const bounds = {
  inARow: 5,
  windowMs: 30_000,
  windowLeast: 20,
  windowPercent: 50,
  openMs: 30_000,
  openMsMax: 300_000,
  limitMsMax: 60_000,
}
const second = 1_000

/** A breaker, and attempts that begin and end at one moment. */
function opened(failures = bounds.inARow) {
  const breaker = new Breaker(bounds)
  const fail = (now: number) => breaker.failed(breaker.begin(now), now)
  for (let i = 0; i < failures; i++) fail(0)
  return { breaker, fail, succeed: (now: number) => breaker.succeeded(breaker.begin(now), now) }
}

describe('a breaker', () => {
  test('opens at the fifth failure in a row, and not where one of them was none', () => {
    const { breaker, fail, succeed } = opened(4)
    assert.equal(breaker.lets(0), true)
    succeed(0)
    for (let i = 0; i < 4; i++) assert.equal(fail(0), false)
    assert.equal(breaker.lets(0), true)
    assert.equal(fail(0), true)
    assert.equal(breaker.lets(0), false)
    assert.equal(breaker.state(0), 'open')
  })

  test('opens where half of twenty failed within half a minute', () => {
    const { breaker, fail, succeed } = opened(0)
    for (let i = 0; i < 9; i++) {
      succeed(i * second)
      assert.equal(fail(i * second), false)
    }
    succeed(9 * second)
    assert.equal(fail(9 * second), true)
    assert.equal(breaker.lets(9 * second), false)
  })

  test('does not open for as many in a longer time, nor for fewer than half', () => {
    const slow = opened(0)
    for (let i = 0; i < 200; i++) {
      slow.succeed(i * 4 * second)
      assert.equal(slow.fail(i * 4 * second), false)
    }
    const rare = opened(0)
    for (let i = 0; i < 200; i++) {
      rare.succeed(i)
      rare.succeed(i)
      assert.equal(rare.fail(i), false)
    }
  })

  test('stays open for 30 s, then for twice as long each time, and for 5 min at most', () => {
    const { breaker, fail } = opened()
    let now = 0
    for (const seconds of [30, 60, 120, 240, 300, 300, 300]) {
      assert.equal(breaker.letsFrom, now + seconds * second)
      assert.equal(breaker.lets(now + seconds * second - 1), false)
      now += seconds * second
      assert.equal(breaker.lets(now), true)
      assert.equal(fail(now), false)
    }
  })

  test('is open for 30 s again once it was well', () => {
    const { breaker, fail, succeed } = opened()
    fail(30 * second)
    assert.equal(breaker.lets(90 * second - 1), false)
    assert.equal(succeed(90 * second), true)
    assert.equal(breaker.state(90 * second), 'closed')
    for (let i = 0; i < bounds.inARow; i++) fail(90 * second)
    assert.equal(breaker.letsFrom, 120 * second)
  })

  test('lets one at a time try it', () => {
    const { breaker } = opened()
    const now = 30 * second
    const first = breaker.begin(now)
    assert.equal(breaker.state(now), 'trying')
    assert.equal(breaker.lets(now), false)
    assert.equal(breaker.succeeded(first, now), true)
    assert.equal(breaker.lets(now), true)
  })

  test('lets the next try it where nothing was learned of the one before', () => {
    const { breaker } = opened()
    const now = 30 * second
    breaker.neutral(breaker.begin(now))
    assert.equal(breaker.lets(now), true)
    breaker.limited(breaker.begin(now), now, 5 * second)
    assert.equal(breaker.lets(now + 5 * second - 1), false)
    assert.equal(breaker.lets(now + 5 * second), true)
    assert.equal(breaker.state(now + 5 * second), 'open')
  })

  test('is not told anything by what began before it opened, or before it closed', () => {
    const breaker = new Breaker(bounds)
    const early = Array.from({ length: 20 }, () => breaker.begin(0))
    for (const ticket of early.slice(0, 5)) breaker.failed(ticket, second)
    assert.equal(breaker.letsFrom, 31 * second)
    for (const ticket of early.slice(5, 10)) breaker.failed(ticket, 2 * second)
    assert.equal(breaker.succeeded(early[10]!, 2 * second), false)
    assert.equal(breaker.letsFrom, 31 * second)
    assert.equal(breaker.succeeded(breaker.begin(31 * second), 31 * second), true)
    for (const ticket of early.slice(11)) breaker.failed(ticket, 32 * second)
    assert.equal(breaker.lets(32 * second), true)
  })

  test('is closed by one of last resort that is well, and not held open by one that is not', () => {
    const { breaker } = opened()
    breaker.failed(breaker.begin(second), second)
    assert.equal(breaker.letsFrom, 30 * second)
    assert.equal(breaker.succeeded(breaker.begin(2 * second), 2 * second), true)
    assert.equal(breaker.lets(2 * second), true)
  })

  test('opens at once for what the next would fail of too', () => {
    const breaker = new Breaker(bounds)
    assert.equal(breaker.failed(breaker.begin(0), 0, true), true)
    assert.equal(breaker.lets(0), false)
  })

  test('is left alone for as long as is asked for, and for a minute at most', () => {
    const breaker = new Breaker(bounds)
    breaker.limited(breaker.begin(0), 0, 7 * second)
    assert.equal(breaker.state(0), 'limited')
    assert.deepEqual([breaker.lets(7 * second - 1), breaker.lets(7 * second)], [false, true])
    breaker.limited(breaker.begin(0), 10 * second, 99_999 * second)
    assert.deepEqual([breaker.lets(70 * second - 1), breaker.lets(70 * second)], [false, true])
    // A shorter word does not take a longer one back.
    breaker.limited(breaker.begin(0), 10 * second, second)
    assert.equal(breaker.lets(12 * second), false)
  })

  test('is as new where it is closed by hand', () => {
    const { breaker } = opened()
    breaker.close()
    assert.equal(breaker.lets(0), true)
    breaker.limited(breaker.begin(0), 0, second)
    breaker.close()
    assert.equal(breaker.lets(0), true)
  })
})

type Step =
  | { is: 'begin' }
  | { is: 'end'; which: number; how: 'succeeded' | 'failed' | 'neutral' | 'limited' }
  | { is: 'wait'; ms: number }

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({ is: 'begin' } as const) },
    {
      weight: 5,
      arbitrary: fc.record({
        is: fc.constant('end' as const),
        which: fc.nat(9),
        how: fc.constantFrom('succeeded', 'failed', 'failed', 'neutral', 'limited'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ is: fc.constant('wait' as const), ms: fc.nat(40_000) }),
    },
  ),
  { maxLength: 200 },
)

/** The same in the plainest words: every outcome is remembered, and the windows are counted anew. */
class Plain {
  outcomes: { at: number; isBad: boolean }[] = []
  openSince: number | undefined
  openMs = bounds.openMs
  limitedUntil = -1
  tries = new Set<number>()
  era = 0

  lets(now: number) {
    if (now < this.limitedUntil) return false
    if (this.openSince === undefined) return true
    return now >= this.openSince + this.openMs && this.tries.size === 0
  }
  end(id: number, { era, isTry }: { era: number; isTry: boolean }, how: string, now: number) {
    this.tries.delete(id)
    if (how === 'limited') this.limitedUntil = Math.max(this.limitedUntil, now + 5_000)
    if (era !== this.era || how === 'limited' || how === 'neutral') return
    if (how === 'failed') return this.fail(isTry, now)
    if (this.openSince !== undefined) this.restart(undefined)
    else this.outcomes.push({ at: now, isBad: false })
  }
  private fail(isTry: boolean, now: number) {
    if (this.openSince !== undefined) {
      if (!isTry) return
      this.openSince = now
      this.openMs = Math.min(2 * this.openMs, bounds.openMsMax)
      return
    }
    this.outcomes.push({ at: now, isBad: true })
    const bucketOf = (at: number) => Math.floor((at * 6) / bounds.windowMs)
    const late = this.outcomes.filter(({ at }) => bucketOf(at) > bucketOf(now) - 6)
    const bad = late.filter(({ isBad }) => isBad).length
    const isRow = this.outcomes.length >= 5 && this.outcomes.slice(-5).every(({ isBad }) => isBad)
    if (isRow || (late.length >= 20 && bad / late.length >= 0.5)) this.restart(now)
  }
  private restart(openSince: number | undefined) {
    if (openSince === undefined) this.limitedUntil = -1
    this.openSince = openSince
    this.openMs = bounds.openMs
    this.outcomes = []
    this.tries.clear()
    this.era++
  }
}

test('whatever comes in whatever order, it does as the plainest one does', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const breaker = new Breaker(bounds)
      const plain = new Plain()
      const under: { id: number; ticket: Ticket; era: number; isTry: boolean }[] = []
      let now = 0
      for (const [id, step] of (all as Step[]).entries()) {
        if (step.is === 'wait') now += step.ms
        if (step.is === 'begin') {
          const isTry = plain.openSince !== undefined && plain.lets(now)
          if (isTry) plain.tries.add(id)
          under.push({ id, ticket: breaker.begin(now), era: plain.era, isTry })
        }
        if (step.is === 'end') {
          const [it] = under.splice(step.which % Math.max(1, under.length), 1)
          if (!it) continue
          if (step.how === 'limited') breaker.limited(it.ticket, now, 5_000)
          else if (step.how === 'neutral') breaker.neutral(it.ticket)
          else breaker[step.how](it.ticket, now)
          plain.end(it.id, it, step.how, now)
        }
        assert.equal(breaker.lets(now), plain.lets(now), `step ${id} at ${now}`)
        assert.ok(plain.tries.size <= 1)
      }
    }),
    { numRuns: 500 },
  )
})
