import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { askOf, callOf } from '../../test/books.ts'
import { limits } from '../config/limits.ts'
import type { Refusal } from './ops.ts'
import { hearMoney, Refusals } from './refusals.ts'

const { heardMsMax, unheardMsMax } = limits.ledger.refusals
const refusal: Refusal = {
  granted: false,
  code: 'insufficient_balance',
  neededNanos: 200,
  availableNanos: 100,
  heldNanos: 0,
  otherPlanNanos: 0,
  budget: null,
  outputTokensAffordable: 0,
  accountFactor: 10_000,
}
const call = callOf({ accountId: 7, keyId: 8 })

/** Refusals whose clock and whose Redis stand still until the test moves them. */
function opened(most = {}) {
  const world: { nowMs: number; hearing: number | undefined } = { nowMs: 0, hearing: 1 }
  const bounds = { ...limits.ledger.refusals, ...most } as typeof limits.ledger.refusals
  const refusals = new Refusals(
    () => world.hearing,
    bounds,
    () => world.nowMs,
  )
  const keep = (more: Partial<Refusal> = {}, facts = call) =>
    refusals.keep(facts, { ...refusal, ...more }, refusals.look(facts))
  const isRefused = (nanos = 200, facts = call) =>
    refusals.again(facts, { ask: askOf(nanos), lastTry: true }) !== undefined
  return { world, refusals, keep, isRefused }
}

describe('a call that was refused for money', () => {
  test('is refused again with the same figures, and those of its own size', () => {
    const { refusals, keep } = opened()
    keep()
    const again = (nanos: number) => refusals.again(call, { ask: askOf(nanos), lastTry: true })
    assert.deepEqual(again(200), refusal)
    assert.deepEqual(again(300), { ...refusal, neededNanos: 300 })
  })

  test('is decided by the books where it fits, is of another key or of another model', () => {
    const { keep, isRefused } = opened()
    keep()
    assert.equal(isRefused(100), false)
    assert.equal(isRefused(101), true)
    assert.equal(isRefused(200, { ...call, keyId: 9 }), false)
    assert.equal(isRefused(200, { ...call, model: 'another' }), false)
  })

  test('is refused for ten seconds from its transaction, and no longer for being repeated', () => {
    const { world, keep, isRefused } = opened()
    keep()
    for (world.nowMs = 0; world.nowMs < heardMsMax; world.nowMs += 500) assert.ok(isRefused())
    assert.equal(isRefused(), false)
  })

  test('is refused for a second where news may be lost: Redis is away, was, or is back', () => {
    for (const then of [undefined, 2]) {
      const { world, keep, isRefused } = opened()
      keep()
      world.hearing = then
      world.nowMs = unheardMsMax - 1
      assert.ok(isRefused())
      world.nowMs = unheardMsMax
      assert.equal(isRefused(), false)
    }
    const { world, keep, isRefused } = opened()
    world.hearing = undefined
    keep()
    world.hearing = 1
    world.nowMs = unheardMsMax
    assert.equal(isRefused(), false)
  })

  test('is refused for a second where something is held, which others may give back in silence', () => {
    const { world, keep, isRefused } = opened()
    keep({ heldNanos: 1 })
    world.nowMs = unheardMsMax - 1
    assert.ok(isRefused())
    world.nowMs = unheardMsMax
    assert.equal(isRefused(), false)
  })

  test('is decided by the books as soon as there is news of its account, or of all, or of its key', () => {
    const { refusals, keep, isRefused } = opened()
    keep()
    refusals.changed(call.accountId + 1)
    assert.ok(isRefused())
    for (const news of [
      () => refusals.changed(call.accountId),
      () => refusals.allChanged(),
      () => refusals.forget(call.keyId),
    ]) {
      keep()
      assert.ok(isRefused())
      news()
      assert.equal(isRefused(), false)
    }
  })

  test('is decided by the books when Redis tells of its account, or of all', () => {
    const { refusals, keep, isRefused } = opened()
    let tell: (message: string) => void = () => undefined
    const redis = { subscribe: (_channel: string, on: typeof tell) => (tell = on) }
    hearMoney(redis as unknown as Parameters<typeof hearMoney>[0], refusals)
    for (const [message, isStill] of Object.entries({ 8: true, 7: false, all: false })) {
      keep()
      tell(message)
      assert.equal(isRefused(), isStill, message)
    }
  })

  test('is not kept where there was news while its transaction was under way', () => {
    const { refusals, isRefused } = opened()
    const sight = refusals.look(call)
    refusals.changed(call.accountId)
    refusals.keep(call, refusal, sight)
    assert.equal(isRefused(), false)
  })

  test('is kept only where it was for money', () => {
    const { keep, isRefused } = opened()
    keep({ code: 'permission_denied' })
    assert.equal(isRefused(), false)
    const budget = { budgetNanos: 150, spentNanos: 50, heldNanos: 0 }
    keep({ code: 'key_budget_exceeded', availableNanos: 1_000, budget })
    assert.equal(isRefused(100), false)
    assert.equal(isRefused(101), true)
  })

  test('is one of so many, of which the oldest goes', () => {
    const { keep, isRefused } = opened({ keysMax: 2 })
    const calls = [1, 2, 3].map((keyId) => callOf({ accountId: 7, keyId }))
    for (const facts of calls) keep({}, facts)
    assert.deepEqual(
      calls.map((facts) => isRefused(200, facts)),
      [false, true, true],
    )
  })
})
