import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedForMoney, refusedUnread } from './refusal.ts'

const figures = {
  neededNanos: 5_000,
  availableNanos: 1_000,
  heldNanos: 0,
  limitThatFits: 0,
  budget: null,
}
type Code = Parameters<typeof refusedForMoney>[0]
const page = 'https://a.example/billing'
const saidOf = (more: object, code: Code) =>
  refusedForMoney(code, { ...figures, ...more }, page).wire.error.message

test('a refusal for money says what would help', () => {
  const limit = saidOf({ limitThatFits: 7 }, 'insufficient_balance')
  assert.match(limit, /With a limit of 7 output tokens it fits\. For credit: \S+billing$/)
  const short = saidOf({ limitThatFits: null }, 'insufficient_balance')
  assert.match(short, /under way\)\. Shorten the input, or add credit\. For credit: \S+$/)
  const both = saidOf({ limitThatFits: null, heldNanos: 9 }, 'insufficient_balance')
  assert.match(both, /Shorten the input, add credit, or wait for the calls under way\. For/)
  assert.match(saidOf({}, 'insufficient_balance'), /does not fit: add credit\. For credit/)
  const waiting = saidOf({ heldNanos: 9 }, 'insufficient_balance')
  assert.match(waiting, /add credit, or wait for the calls under way\. For credit/)
  // After a refund there may be less than nothing, which is no amount that is available.
  const owing = saidOf({ availableNanos: -500_000_000, heldNanos: 9 }, 'insufficient_balance')
  assert.match(owing, /the account is \$0\.500000000 below zero \(\$0\.000000009 is held by/)
  // Whoever has a plan that does not pay for this model is told why it did not.
  const other = saidOf({ otherPlanNanos: 2_000_000_000 }, 'insufficient_balance')
  assert.match(other, /beside \$2\.000000000 of a plan that does not pay for this model\. /)
  // What the account holds for other keys is nothing that a key's budget waits for.
  const budget = { budgetNanos: 10, spentNanos: 10, heldNanos: 0 }
  const key = saidOf({ heldNanos: 9, budget }, 'key_budget_exceeded')
  assert.match(key, /does not fit: raise the budget of the key\.$/)
})

test('a key that was handed on is told nothing of what its person’s other keys spent', () => {
  const cap = { budgetNanos: 3e9, spentNanos: 2e9, heldNanos: 9, isMembers: true as const }
  const told = (isOthersToo: boolean) => {
    const budget = { ...cap, period: 'month', isOthersToo }
    return JSON.stringify(refusedForMoney('key_budget_exceeded', { ...figures, budget }, page).wire)
  }
  assert.match(told(false), /has \$0\.999999991 left of their cap of \$3\.0+ a month/)
  assert.match(told(true), /has not as much left of their cap\. Even the shortest answer/)
  assert.doesNotMatch(told(true), /spent|left_usd|budget_usd|[123]\.000000000|999999991/)
})

test('where credit can be had nowhere, no link says so', () => {
  const { message, ...error } = refusedForMoney('insufficient_balance', figures, undefined).wire
    .error as Record<string, unknown>
  assert.match(String(message), /does not fit: ask whoever runs this relay for credit\.$/)
  assert.equal('top_up_url' in error, false)
  const unread = refusedUnread(undefined).wire.error
  assert.match(unread.message, /ask whoever runs this relay for credit\.$/)
  assert.equal('top_up_url' in unread, false)
  assert.deepEqual(Object.entries(refusedUnread(page).wire.error).at(-1), ['top_up_url', page])
})
