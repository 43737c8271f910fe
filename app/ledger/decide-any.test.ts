import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { limits } from '../config/limits.ts'
import {
  decideAgain,
  decideReserve,
  roundUpNanos,
  splitCharge,
  splitLateCharge,
  type AccountState,
} from './decide.ts'
import { unbounded, type KeyState } from './keys/key-state.ts'
import type { Ask } from './ops.ts'

const decide = (a: AccountState, k: KeyState, ask: Ask, lastTry = true) =>
  decideReserve(a, k, { ask, lastTry, model: 'gpt-test' })

/** Every order of magnitude as often as every other, from nothing to the largest there is. */
const scaled = (digitsMax: number) =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: 999_999n }), fc.nat(digitsMax - 6))
    .map(([digits, zeros]) => digits * 10n ** BigInt(zeros) + digits)
const nanos = scaled(16).map((amount) => Math.min(Number(amount), limits.accounts.nanosMax))
const anAsk = fc.record({
  inputScaled: scaled(24),
  outputScaledPerToken: scaled(15),
  outputTokensWanted: fc.option(fc.integer({ min: 0, max: 20_000_000 })),
  outputTokensMax: fc.integer({ min: 1, max: 20_000_000 }),
})
/** Half of all accounts have none. */
const aFactor = fc.oneof(
  fc.constant(10_000),
  fc.oneof(fc.constantFrom(1, 9_999, 10_001), fc.integer({ min: 1, max: 1_000_000 })),
)
/** Plans that pay for the model of these calls, by name or by how it begins, and plans that do not. */
const payingScopes = [null, '["gpt-test"]', '["other","gpt-*"]']
const aScope = fc.constantFrom(...payingScopes, '["other"]', '["gpt-test-*"]', '["gpt"]')
/** What of the plan is free for a call. */
const planFree = (a: AccountState) =>
  payingScopes.includes(a.planModels) ? a.planNanos - a.planHeldNanos : 0
const anAccount = fc
  .tuple(nanos, nanos, fc.integer({ min: 0, max: 100 }), aFactor, aScope)
  .map(([total, held, percent, factor, planModels]): AccountState => {
    const planNanos = Math.floor((total / 100) * percent)
    const balanceNanos = total - planNanos
    return {
      id: 7,
      status: 'active',
      factor,
      planModels,
      planNanos,
      planHeldNanos: Math.min(planNanos, held),
      balanceNanos,
      balanceHeldNanos: Math.min(balanceNanos, Math.floor(held / 3)),
      entrySeq: 1,
      foldedSlot: 0,
      bookedAt: '2026-11-24 12:00:00.000',
      notifyBelowNanos: null,
      notifiedLow: 0,
    }
  })
const aKey = fc
  .tuple(fc.option(nanos), nanos, nanos)
  .map(([budgetNanos, spent, held]): KeyState => ({
    ...unbounded,
    id: 8,
    accountId: 7,
    revoked: 0,
    expired: 0,
    budgetNanos,
    spentNanos: Math.floor(spent / 3),
    heldNanos: Math.floor(held / 3),
  }))
const runs = { numRuns: 3_000 }

/** Schoolbook arithmetic on decimal text: shares nothing with the code it judges. */
function ceilAt(amount: bigint, decimals: number): bigint {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const whole = BigInt(digits.slice(0, -decimals))
  return /^0*$/.test(digits.slice(-decimals)) ? whole : whole + 1n
}
const ceilMillionths = (amount: bigint) => ceilAt(amount, 6)
/** What so much comes to for an account that pays this factor: rounded once, after all of it. */
const paid = (scaled: bigint, { factor }: AccountState) => ceilAt(scaled * BigInt(factor), 10)
const oracle = (what: Ask, tokens: number | bigint, a: AccountState) =>
  paid(what.inputScaled + what.outputScaledPerToken * BigInt(tokens), a)
const least = (a: bigint, b: bigint) => (a < b ? a : b)

/** What a call of this key may hold. */
function leftOf(a: AccountState, k: KeyState): bigint {
  const all = BigInt(planFree(a) + a.balanceNanos - a.balanceHeldNanos)
  const budget = k.budgetNanos === null ? all : BigInt(k.budgetNanos - k.spentNanos - k.heldNanos)
  const left = least(all, budget)
  return left < 0n ? 0n : left
}

/** The largest number up to `most` for which this holds, by halving; 0 where it holds for none. */
function largest(most: bigint, holds: (tokens: bigint) => boolean): bigint {
  let [low, high] = [0n, most]
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (holds(middle)) low = middle
    else high = middle - 1n
  }
  return low
}

describe('for any prices and any money', () => {
  test('the one rounding goes up to the next whole nano-dollar', () => {
    fc.assert(
      fc.property(scaled(21), (amount) =>
        assert.equal(roundUpNanos(amount), Number(ceilMillionths(amount))),
      ),
      runs,
    )
    assert.equal(roundUpNanos((2n ** 53n - 2n) * 1_000_000n + 1n), Number.MAX_SAFE_INTEGER)
  })

  test('a grant holds exactly what its tokens cost, within what there is', () => {
    let grants = 0
    const holds = (a: AccountState, k: KeyState, what: Ask) => {
      const answer = decide(a, k, what)
      if (!answer.granted) return
      grants++
      const { holdNanos, planNanos, balanceNanos, outputTokensMax } = answer
      assert.equal(BigInt(holdNanos), oracle(what, outputTokensMax, a))
      assert.equal(answer.accountFactor, a.factor)
      assert.equal(planNanos + balanceNanos, holdNanos)
      assert.ok(planNanos >= 0 && planNanos <= planFree(a))
      assert.ok(balanceNanos >= 0 && balanceNanos <= a.balanceNanos - a.balanceHeldNanos)
      assert.ok(balanceNanos === 0 || planNanos === planFree(a))
      // A call that costs nothing is within any budget.
      const budget = k.budgetNanos === null ? Infinity : k.budgetNanos - k.spentNanos - k.heldNanos
      assert.ok(holdNanos <= Math.max(0, budget))
      const { outputTokensWanted: wanted, outputTokensMax: most } = what
      assert.ok(outputTokensMax <= most)
      if (wanted !== null) assert.equal(outputTokensMax, Math.min(wanted, most))
      else assert.ok(outputTokensMax >= Math.min(256, most))
    }
    fc.assert(fc.property(anAccount, aKey, anAsk, holds), runs)
    assert.ok(grants > 200, `only ${grants} grants were looked at`)
  })

  test('the tokens it names as affordable are granted, and one more is not', () => {
    let refusals = 0
    const exact = (a: AccountState, k: KeyState, what: Ask) => {
      const answer = decide(a, k, { ...what, outputTokensWanted: what.outputTokensMax })
      if (answer.granted) return
      assert.ok(answer.code !== 'count_first')
      refusals++
      const tokens = answer.outputTokensAffordable
      const more = decide(a, k, { ...what, outputTokensWanted: tokens + 1 })
      assert.equal(more.granted, false)
      const same = decide(a, k, { ...what, outputTokensWanted: tokens })
      if (tokens > 0) assert.equal(same.granted, true)
    }
    fc.assert(fc.property(anAccount, aKey, anAsk, exact), runs)
    assert.ok(refusals > 200, `only ${refusals} refusals were looked at`)
  })

  test('the figures of a refusal decide any other call as the rows themselves do', () => {
    const seen = { again: 0, count: 0, fits: 0 }
    const same = (a: AccountState, k: KeyState, first: Ask, second: Ask, share: number) => {
      const refused = decide(a, k, first)
      if (refused.granted || refused.code === 'count_first') return
      const some = [first, second, { ...second, outputTokensWanted: null }]
      // Each also as one that may come to less when it is counted, or to nothing.
      const counted = some.flatMap((ask) =>
        [0n, BigInt(share)].map((part) => ({
          ...ask,
          inputLeastScaled: (ask.inputScaled * part) / 100n,
        })),
      )
      for (const ask of [...some, ...counted]) {
        const wish = { ask, lastTry: share % 3 === 0, model: 'gpt-test' }
        const answer = decideReserve(a, k, wish)
        const again = decideAgain(refused, wish)
        if (!answer.granted) assert.deepEqual(again, answer)
        assert.equal(again.granted, answer.granted)
        seen[answer.granted ? 'fits' : answer.code === 'count_first' ? 'count' : 'again']++
      }
    }
    fc.assert(fc.property(anAccount, aKey, anAsk, anAsk, fc.nat(100), same), runs)
    assert.ok(Math.min(...Object.values(seen)) > 100, JSON.stringify(seen))
  })

  test('without a limit of the client, the ceiling is the one that the rule names', () => {
    const seen = { most: 0, eighth: 0, usual: 0, rest: 0, refused: 0 }
    const ruled = (a: AccountState, k: KeyState, what: Ask) => {
      const open = { ...what, outputTokensWanted: null }
      const answer = decide(a, k, open)
      const left = leftOf(a, k)
      const most = BigInt(what.outputTokensMax)
      const fits = (tokens: bigint) => oracle(what, tokens, a) <= left
      if (oracle(what, most, a) * 4n <= left) {
        seen.most++
        return assert.equal(answer.granted && BigInt(answer.outputTokensMax), most)
      }
      // Eight times an eighth fits, and eight more tokens do not, unless none does.
      const eighth = largest(most, (tokens) => fits(8n * tokens))
      const some = least(most, 16_384n) > eighth ? least(most, 16_384n) : eighth
      const best = largest(most, fits)
      if (fits(some)) {
        seen[some === eighth ? 'eighth' : 'usual']++
        return assert.equal(answer.granted && BigInt(answer.outputTokensMax), some)
      }
      const enough = fits(least(most, 256n))
      assert.equal(answer.granted, enough)
      seen[enough ? 'rest' : 'refused']++
      if (answer.granted) assert.equal(BigInt(answer.outputTokensMax), best)
    }
    fc.assert(fc.property(anAccount, aKey, anAsk, ruled), { numRuns: 20_000 })
    for (const [which, times] of Object.entries(seen)) assert.ok(times > 20, `${which}: ${times}`)
  })

  test('a bound that counting may lower is held only while it is small, and counted at most once', () => {
    const seen = { held: 0, counted: 0, hopeless: 0 }
    const share = fc.integer({ min: 1, max: 40 })
    const bounded = (a: AccountState, k: KeyState, what: Ask, part: number) => {
      const ask = { ...what, inputLeastScaled: what.inputScaled / BigInt(part) }
      const [first, last] = [decide(a, k, ask, false), decide(a, k, ask)]
      assert.ok(last.granted || last.code !== 'count_first')
      const left = leftOf(a, k)
      const isSmall = paid(ask.inputScaled, a) * 20n <= left
      const mayFit = paid(ask.inputLeastScaled, a) <= left
      const isKnown = ask.inputLeastScaled >= ask.inputScaled
      if (!isKnown && mayFit && (!isSmall || !last.granted)) {
        seen.counted++
        return assert.deepEqual(first, { granted: false, code: 'count_first' })
      }
      seen[first.granted ? 'held' : 'hopeless']++
      assert.deepEqual(first, last)
    }
    fc.assert(fc.property(anAccount, aKey, anAsk, share, bounded), { numRuns: 10_000 })
    for (const [which, times] of Object.entries(seen)) assert.ok(times > 100, `${which}: ${times}`)
  })
})

describe('a charge', () => {
  const amounts = fc.tuple(nanos, nanos, nanos)

  test('is the cost or the hold, the plan part first, and the rest is the operator’s', () => {
    fc.assert(
      fc.property(amounts, ([planNanos, balanceNanos, cost]) => {
        const split = splitCharge({ planNanos, balanceNanos }, cost)
        assert.equal(split.planNanos + split.balanceNanos + split.overrunNanos, cost)
        assert.ok(split.planNanos <= planNanos && split.balanceNanos <= balanceNanos)
        assert.ok(split.balanceNanos === 0 || split.planNanos === planNanos)
        assert.ok(split.overrunNanos === 0 || split.balanceNanos === balanceNanos)
      }),
      runs,
    )
  })

  test('that comes late takes no more than its hold was, and no plan credit that others hold', () => {
    fc.assert(
      fc.property(anAccount, amounts, (a, [holdNanos, cost]) => {
        const split = splitLateCharge(a, holdNanos, cost, 'gpt-test')
        const charged = split.planNanos + split.balanceNanos
        assert.equal(charged, Math.min(cost, holdNanos))
        assert.equal(charged + split.overrunNanos, cost)
        assert.ok(split.planNanos >= 0 && split.planNanos <= planFree(a))
        assert.ok(split.balanceNanos >= 0)
      }),
      runs,
    )
  })
})
