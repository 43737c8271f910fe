import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { decideReserve, mayUse, type AccountState } from './decide.ts'
import { unbounded, type KeyState } from './keys/key-state.ts'
import type { Ask, Grant, Refusal, Reservation } from './ops.ts'

const account = (more: Partial<AccountState> = {}): AccountState => ({
  id: 7,
  status: 'active',
  planNanos: 0,
  factor: 10_000,
  planModels: null,
  planHeldNanos: 0,
  balanceNanos: 1_000,
  balanceHeldNanos: 0,
  entrySeq: 1,
  foldedSlot: 0,
  bookedAt: '2026-11-24 12:00:00.000',
  notifyBelowNanos: null,
  notifiedLow: 0,
  ...more,
})
const key = (more: Partial<KeyState> = {}): KeyState => ({
  ...unbounded,
  id: 8,
  accountId: 7,
  revoked: 0,
  expired: 0,
  spentNanos: 0,
  heldNanos: 0,
  ...more,
})
/** Input at one nano-dollar, output at one a token, unless a test says otherwise. */
const ask = (more: Partial<Ask> = {}): Ask => ({
  inputScaled: 1_000_000n,
  outputScaledPerToken: 1_000_000n,
  outputTokensWanted: null,
  outputTokensMax: 100_000,
  ...more,
})
const wanting = (outputTokensWanted: number) => ask({ outputTokensWanted })
const decide = (a: AccountState | undefined, k: KeyState | undefined, what: Ask) =>
  decideReserve(a, k, { ask: what, lastTry: true, model: 'gpt-test' })
function granted(answer: Reservation): Grant {
  assert.ok(answer.granted, JSON.stringify(answer))
  return answer
}
function refused(answer: Reservation): Refusal {
  assert.ok(!answer.granted && answer.code !== 'count_first', JSON.stringify(answer))
  return answer
}

describe('a reservation', () => {
  test('takes plan credit first, then balance', () => {
    const both = account({ planNanos: 60, planHeldNanos: 10, balanceNanos: 100 })
    const { holdNanos, planNanos, balanceNanos } = granted(decide(both, key(), wanting(79)))
    assert.deepEqual([holdNanos, planNanos, balanceNanos], [80, 50, 30])
    const small = granted(decide(both, key(), wanting(49)))
    assert.deepEqual([small.planNanos, small.balanceNanos], [50, 0])
  })

  test('may use the last nano-dollar and not one more', () => {
    assert.equal(granted(decide(account(), key(), wanting(999))).holdNanos, 1_000)
    const no = refused(decide(account(), key(), wanting(1_000)))
    assert.deepEqual(
      [no.code, no.neededNanos, no.availableNanos, no.outputTokensAffordable],
      ['insufficient_balance', 1_001, 1_000, 999],
    )
  })

  test('is asked for times what the account pays, rounded once', () => {
    const half = account({ factor: 5_000 })
    assert.equal(granted(decide(half, key(), wanting(100))).holdNanos, 51)
    assert.equal(granted(decide(half, key(), wanting(1_999))).holdNanos, 1_000)
    const no = refused(decide(half, key(), wanting(2_000)))
    assert.deepEqual([no.neededNanos, no.outputTokensAffordable], [1_001, 1_999])
    const dear = granted(decide(account({ factor: 12_500 }), key(), wanting(3)))
    assert.deepEqual([dear.holdNanos, dear.accountFactor], [5, 12_500])
    // Of three thirds of a nano-dollar one half: one, and not one for each.
    const tiny = ask({ inputScaled: 0n, outputScaledPerToken: 333_333n, outputTokensWanted: 3 })
    assert.equal(granted(decide(half, key(), tiny)).holdNanos, 1)
  })

  test('counts what other calls hold as gone, and says how much that is', () => {
    const busy = account({ balanceHeldNanos: 900, planNanos: 20, planHeldNanos: 20 })
    const no = refused(decide(busy, key(), wanting(100)))
    assert.deepEqual([no.availableNanos, no.heldNanos, no.outputTokensAffordable], [100, 920, 99])
  })

  test('is never larger than the model allows, whatever the client wants', () => {
    const huge = ask({ outputTokensWanted: Number.MAX_SAFE_INTEGER, outputTokensMax: 50 })
    assert.equal(granted(decide(account(), key(), huge)).outputTokensMax, 50)
  })

  test('without a limit holds the maximum while that is at most a quarter of what is there', () => {
    const maximum = ask({ outputTokensMax: 249 })
    assert.equal(granted(decide(account(), key(), maximum)).holdNanos, 250)
    const above = granted(decide(account(), key(), ask({ outputTokensMax: 250 })))
    // One more than a quarter: the usual length is held then, which this model does not reach.
    assert.equal(above.outputTokensMax, 250)
    const far = granted(decide(account(), key(), ask({ outputTokensMax: 5_000 })))
    assert.deepEqual([far.outputTokensMax, far.holdNanos], [999, 1_000])
  })

  test('without a limit leaves room for others: an eighth, or the usual length if that is more', () => {
    const tokensOf = (balanceNanos: number, more: Partial<Ask> = {}) => {
      const of = ask({ outputTokensMax: 500_000, ...more })
      return granted(decide(account({ balanceNanos }), key(), of)).outputTokensMax
    }
    assert.equal(tokensOf(2_000_004), 500_000)
    assert.equal(tokensOf(2_000_003), 250_000)
    assert.equal(tokensOf(1_000_001), 125_000)
    assert.equal(tokensOf(131_081), 16_385)
    for (const nanos of [131_080, 100_000, 16_385]) assert.equal(tokensOf(nanos), 16_384)
    // Where that does not fit, what does.
    assert.equal(tokensOf(16_384), 16_383)
    assert.equal(tokensOf(300), 299)
    assert.equal(tokensOf(100_000, { outputTokensMax: 30_000 }), 16_384)
    assert.equal(tokensOf(3, { outputScaledPerToken: 0n }), 500_000)
    assert.equal(tokensOf(1, { outputScaledPerToken: 0n }), 500_000)
  })

  test('without a limit leaves room within the budget of its key', () => {
    const tight = key({ budgetNanos: 1_000_101, spentNanos: 60, heldNanos: 40 })
    const rich = account({ balanceNanos: 1e9 })
    const some = granted(decide(rich, tight, ask({ outputTokensMax: 500_000 })))
    assert.equal(some.outputTokensMax, 125_000)
  })

  test('without a limit asks for at least 256 tokens, or the maximum of a smaller model', () => {
    const poor = (balanceNanos: number) => account({ balanceNanos })
    assert.equal(granted(decide(poor(257), key(), ask())).outputTokensMax, 256)
    const no = refused(decide(poor(256), key(), ask()))
    assert.deepEqual([no.neededNanos, no.outputTokensAffordable], [257, 255])
    const small = ask({ outputTokensMax: 100 })
    assert.equal(granted(decide(poor(101), key(), small)).outputTokensMax, 100)
    assert.equal(refused(decide(poor(100), key(), small)).neededNanos, 101)
  })

  test('of input alone is held to the nano-dollar', () => {
    const free = ask({ outputScaledPerToken: 0n, inputScaled: 1_000_000_001n })
    assert.equal(granted(decide(account({ balanceNanos: 1_001 }), key(), free)).holdNanos, 1_001)
    assert.equal(refused(decide(account(), key(), free)).outputTokensAffordable, 0)
  })

  test('does not spend more than its key has left', () => {
    const tight = key({ budgetNanos: 500, spentNanos: 200, heldNanos: 100 })
    assert.equal(granted(decide(account(), tight, wanting(199))).holdNanos, 200)
    const no = refused(decide(account(), tight, wanting(200)))
    assert.deepEqual([no.code, no.outputTokensAffordable], ['key_budget_exceeded', 199])
    assert.equal(refused(decide(account(), tight, wanting(2_000))).code, 'insufficient_balance')
    const over = key({ budgetNanos: 100, spentNanos: 200 })
    assert.equal(refused(decide(account(), over, wanting(1))).outputTokensAffordable, 0)
  })

  test('of an account that a late charge overdrew is refused', () => {
    const no = refused(decide(account({ balanceNanos: -5 }), key(), wanting(1)))
    assert.deepEqual([no.code, no.availableNanos], ['insufficient_balance', -5])
  })

  test('of an account that owes is refused, whatever its plan has, until nothing is owed', () => {
    const owing = account({ balanceNanos: -5, planNanos: 20, planHeldNanos: 2 })
    for (const planModels of [null, '["gpt-test"]', '["other"]']) {
      const no = refused(decide({ ...owing, planModels }, key(), wanting(1)))
      const { code, availableNanos, heldNanos, outputTokensAffordable } = no
      const told = [code, availableNanos, heldNanos, outputTokensAffordable]
      assert.deepEqual(told, ['insufficient_balance', -5, 0, 0])
    }
    // What calls hold of the balance is as good as spent.
    const held = account({ balanceNanos: 5, balanceHeldNanos: 6, planNanos: 20 })
    assert.equal(refused(decide(held, key(), wanting(1))).availableNanos, -1)
    const even = account({ balanceNanos: 0, planNanos: 20 })
    assert.equal(granted(decide(even, key(), wanting(14))).planNanos, 15)
  })
})

describe('a reservation whose input is only bounded', () => {
  const first = (what: Partial<Ask>, a = account(), k = key()) =>
    decideReserve(a, k, { ask: { ...wanting(1), ...what }, lastTry: false, model: 'gpt-test' })
  const nanos = (amount: number) => BigInt(amount) * 1_000_000n
  const bounded = (most: number, least = 1) => ({
    inputScaled: nanos(most),
    inputLeastScaled: nanos(least),
  })
  const countFirst = { granted: false, code: 'count_first' }

  test('is held by its bound up to a twentieth of what is available, and counted beyond', () => {
    assert.equal(granted(first(bounded(50))).holdNanos, 51)
    assert.deepEqual(first(bounded(51)), countFirst)
    const held = account({ balanceHeldNanos: 20 })
    assert.deepEqual(first(bounded(50), held), countFirst)
    assert.deepEqual(first(bounded(50), account(), key({ budgetNanos: 999 })), countFirst)
  })

  test('is counted where it does not fit, and refused where no count makes it fit', () => {
    assert.deepEqual(first({ ...bounded(40), outputTokensWanted: 961 }), countFirst)
    assert.deepEqual(first(bounded(16_000, 1_000)), countFirst)
    const no = refused(first(bounded(16_000, 1_001)))
    const figures = [no.code, no.neededNanos, no.outputTokensAffordable]
    assert.deepEqual(figures, ['insufficient_balance', 16_001, 0])
    const budget = key({ budgetNanos: 900 })
    assert.equal(refused(first(bounded(950, 901), account(), budget)).code, 'key_budget_exceeded')
  })

  test('is not counted where that changes nothing', () => {
    const known = { inputScaled: nanos(900) }
    assert.equal(granted(first(known)).holdNanos, 901)
    assert.equal(granted(first({ ...known, inputLeastScaled: nanos(900) })).holdNanos, 901)
    assert.equal(refused(first({ ...known, outputTokensWanted: 101 })).neededNanos, 1_001)
    const free = { ...bounded(0, 0), outputScaledPerToken: 0n }
    assert.equal(granted(first(free, account({ balanceNanos: 0 }))).holdNanos, 0)
  })

  test('is not counted for a key that may not call', () => {
    assert.equal(
      refused(first(bounded(900), account(), key({ revoked: 1 }))).code,
      'invalid_api_key',
    )
  })
})

describe('a key that may not', () => {
  const cases: [string, AccountState | undefined, KeyState | undefined, Refusal['code']][] = [
    ['is revoked', account(), key({ revoked: 1 }), 'invalid_api_key'],
    ['has expired', account(), key({ expired: 1 }), 'invalid_api_key'],
    ['belongs to another account', account(), key({ accountId: 9 }), 'invalid_api_key'],
    ['is unknown', account(), undefined, 'invalid_api_key'],
    ['has no account', undefined, key(), 'invalid_api_key'],
    ['is of a suspended account', account({ status: 'suspended' }), key(), 'permission_denied'],
    ['lists other models', account(), key({ models: '["gpt-other"]' }), 'permission_denied'],
    ['lists no model', account(), key({ models: '[]' }), 'permission_denied'],
  ]
  for (const [what, a, k, code] of cases) {
    test(`because it ${what} gets ${code}`, () =>
      assert.equal(refused(decide(a, k, wanting(1))).code, code))
  }

  test('is told from one that may by the whole name of the model', () => {
    assert.equal(mayUse('["gpt-test"]', 'gpt-test'), true)
    assert.equal(mayUse('["gpt-test-2"]', 'gpt-test'), false)
    assert.equal(mayUse(null, 'gpt-test'), true)
  })
})
