import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { standingClock } from '../../test/in-time.ts'
import { Pace } from './pace.ts'

describe('refusals', () => {
  const least = { leastMs: 1_000, everyMs: 100, mostMs: 5_000 }

  /** How long each of so many waits that are refused now. */
  function waits(pace: (clock: ReturnType<typeof standingClock>) => Pace) {
    const slept: number[] = []
    const clock = standingClock()
    const noting = {
      ...clock,
      sleep: (ms: number) => {
        slept.push(ms)
        return Promise.resolve()
      },
    }
    return { pace: pace(noting), slept, clock }
  }

  test('of one name are told one after another, and of another one beside them', async () => {
    const { pace, slept } = waits((clock) => new Pace(least, clock))
    for (const name of ['a', 'a', 'a', 'b']) await pace.wait(name)
    assert.deepEqual(slept, [1_000, 1_100, 1_200, 1_000])
  })

  test('wait no longer than the longest, however many there are', async () => {
    const { pace, slept } = waits((clock) => new Pace(least, clock))
    for (let at = 0; at < 1_000; at++) await pace.wait('a')
    assert.equal(Math.max(...slept), 5_000)
  })

  test('are forgotten when they were told', async () => {
    const { pace, slept, clock } = waits((clock) => new Pace(least, clock))
    for (const name of ['a', 'a', 'a']) await pace.wait(name)
    await clock.pass(2_000)
    await pace.wait('a')
    assert.equal(slept.at(-1), 1_000)
  })
})
