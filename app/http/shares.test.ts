import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { standingClock } from '../../test/in-time.ts'
import { Shares } from './shares.ts'

const bounds = { part: 0.5, burstMs: 100, turnMsMax: 50, lineMax: 3, atOnceMax: 2 }

/** Asks for a turn, and notes when it comes. */
function ask(shares: Shares, name: number) {
  const asked = { leave: undefined as (() => void) | undefined, isRefused: false }
  const turn = shares.take(name)
  if (turn) void turn.then((leave) => (asked.leave = leave))
  else asked.isRefused = true
  return asked
}

describe('shares', () => {
  test('are one turn at a time for each, and a bounded number for all', async () => {
    const clock = standingClock()
    const shares = new Shares(bounds, clock)
    const [first, second, other, third] = [1, 1, 2, 3].map((name) => ask(shares, name))
    await clock.pass(0)
    assert.deepEqual(
      [first, second, other, third].map((it) => it?.leave !== undefined),
      [true, false, true, false],
    )
    other?.leave?.()
    await clock.pass(0)
    assert.ok(third?.leave)
    third.leave()
    // Ended twice is ended once.
    third.leave()
    first?.leave?.()
    await clock.pass(0)
    assert.ok(second?.leave)
    const [next, beyond] = [ask(shares, 4), ask(shares, 5)]
    await clock.pass(0)
    assert.ok(next.leave && !beyond.leave)
  })

  test('refuse whoever has too many that wait, and nobody else', async () => {
    const clock = standingClock()
    const shares = new Shares(bounds, clock)
    const mine = [1, 1, 1].map((name) => ask(shares, name))
    assert.ok(mine.every(({ isRefused }) => !isRefused))
    assert.ok(ask(shares, 1).isRefused)
    assert.ok(!ask(shares, 2).isRefused)
    await clock.pass(0)
    mine[0]?.leave?.()
    assert.ok(!ask(shares, 1).isRefused)
  })

  test('of whoever never stops come to a part of the time, after a burst', async () => {
    const clock = standingClock()
    const shares = new Shares(bounds, clock)
    let workMs = 0
    let atWork = ask(shares, 1)
    let sinceMs = 0
    for (let at = 0; at < 1_000; at++) {
      await clock.pass(1)
      if (!atWork.leave) continue
      if (++sinceMs < 10) continue
      workMs += sinceMs
      sinceMs = 0
      atWork.leave()
      atWork = ask(shares, 1)
    }
    assert.ok(workMs > 450 && workMs < 650, `worked ${workMs} of 1,000 ms`)
  })

  test('begin at once for whoever works less', async () => {
    const clock = standingClock()
    const shares = new Shares(bounds, clock)
    for (let at = 0; at < 50; at++) {
      const turn = ask(shares, 1)
      await clock.pass(0)
      assert.ok(turn.leave, `turn ${at}`)
      await clock.pass(10)
      turn.leave()
      await clock.pass(15)
    }
  })

  test('count a turn that something else has kept as no longer than any may be', async () => {
    const clock = standingClock()
    const shares = new Shares(bounds, clock)
    for (let at = 0; at < 3; at++) {
      const turn = ask(shares, 1)
      await clock.pass(0)
      assert.ok(turn.leave, `turn ${at}`)
      await clock.pass(10_000)
      turn.leave()
    }
  })
})
