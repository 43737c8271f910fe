import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedForMoney } from './refusal.ts'

const figures = {
  neededNanos: 5_000,
  availableNanos: 1_000,
  heldNanos: 0,
  limitThatFits: 0,
  budget: null,
}
const saidOf = (more: object, code: 'insufficient_balance' | 'key_budget_exceeded') =>
  refusedForMoney(code, { ...figures, ...more }, 'https://a.example').wire.error.message

test('a refusal for money says what would help', () => {
  const limit = saidOf({ limitThatFits: 7 }, 'insufficient_balance')
  assert.match(limit, /With a limit of 7 output tokens it fits\.$/)
  const short = saidOf({ limitThatFits: null }, 'insufficient_balance')
  assert.match(short, /under way\)\. Shorten the input, or add credit\.$/)
  const both = saidOf({ limitThatFits: null, heldNanos: 9 }, 'insufficient_balance')
  assert.match(both, /Shorten the input, add credit, or wait for the calls under way\.$/)
  assert.match(saidOf({}, 'insufficient_balance'), /does not fit: add credit\.$/)
  const waiting = saidOf({ heldNanos: 9 }, 'insufficient_balance')
  assert.match(waiting, /add credit, or wait for the calls under way\.$/)
  // What the account holds for other keys is nothing that a key's budget waits for.
  const budget = { budgetNanos: 10, spentNanos: 10, heldNanos: 0 }
  const key = saidOf({ heldNanos: 9, budget }, 'key_budget_exceeded')
  assert.match(key, /does not fit: raise the budget of the key\.$/)
})
