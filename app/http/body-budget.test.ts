import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Refused } from '../errors/refusal.ts'
import { BodyBudget } from './body-budget.ts'

const bounds = {
  processBytesMax: 1_000,
  accountBytesMax: 600,
  longBytesMax: 50,
  accountCallsMax: 20,
  vainMax: 2,
  vainEveryMs: 100,
}
const budget = () => new BodyBudget(bounds)
const overloaded = (error: unknown) => error instanceof Refused && error.code === 'overloaded'

describe('the budget of bodies', () => {
  test('is what all shares have, and is whole again when they have nothing', () => {
    const bodies = budget()
    const [a, b] = [bodies.open(1), bodies.open(2)]
    a.take(30)
    a.take(40)
    b.take(10)
    assert.equal(bodies.bytes, 80)
    a.keep(20)
    // Nobody has more by being told to keep more.
    a.keep(500)
    assert.equal(bodies.bytes, 30)
    for (const share of [a, b, a]) share.end()
    assert.equal(bodies.bytes, 0)
  })

  test('one account cannot take it all', () => {
    const bodies = budget()
    const shares = Array.from({ length: 12 }, () => bodies.open(1))
    for (const share of shares) share.take(50)
    assert.throws(() => bodies.open(1).take(1), overloaded)
    bodies.open(2).take(50)
    shares[0]!.keep(49)
    bodies.open(1).take(1)
  })

  test('long bodies leave a quarter to the others', () => {
    const bodies = budget()
    bodies.open(1).take(400)
    bodies.open(2).take(350)
    assert.throws(() => bodies.open(3).take(51), overloaded)
    // One that grows is long as soon as it is.
    const growing = bodies.open(3)
    growing.take(50)
    assert.throws(() => growing.take(1), overloaded)
    for (let at = 4; at < 8; at++) bodies.open(at).take(50)
    assert.throws(() => bodies.open(9).take(1), overloaded)
  })

  test('one account cannot have all calls that may be under way', () => {
    const bodies = budget()
    const shares = Array.from({ length: 20 }, () => bodies.open(1))
    assert.throws(() => bodies.open(1), overloaded)
    bodies.open(2)
    // Whoever ends twice has ended once.
    for (const share of [shares[0]!, shares[0]!]) share.end()
    bodies.open(1)
    assert.throws(() => bodies.open(1), overloaded)
  })

  test('an account whose long bodies are refused again and again waits with the next', () => {
    let nowMs = 0
    const bodies = new BodyBudget(bounds, () => nowMs)
    const send = (accountId: number, bytes: number, inVain: boolean) => {
      const share = bodies.open(accountId)
      share.take(bytes)
      share.end(inVain)
    }
    const isRefused = (accountId: number) => {
      try {
        bodies.refuseVain(accountId)
        return false
      } catch (error) {
        return overloaded(error)
      }
    }
    for (let at = 0; at < 5; at++) send(1, 51, false)
    for (let at = 0; at < 5; at++) send(1, 50, true)
    send(1, 51, true)
    assert.equal(isRefused(1), false)
    send(1, 51, true)
    assert.deepEqual([isRefused(1), isRefused(2)], [true, false])
    nowMs = 99
    assert.equal(isRefused(1), true)
    nowMs = 100
    assert.equal(isRefused(1), false)
    send(1, 51, true)
    assert.equal(isRefused(1), true)
  })

  test('what did not fit has taken nothing', () => {
    const bodies = budget()
    assert.throws(() => bodies.open(1).take(601), overloaded)
    assert.equal(bodies.bytes, 0)
  })
})
