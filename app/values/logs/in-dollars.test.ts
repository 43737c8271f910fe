import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inDollars } from './in-dollars.ts'

test('money in a log is in dollars, whatever its name was, and nothing else is touched', () => {
  const at = new Date(0)
  const facts = {
    budgetNanos: 2_500_000_000,
    periodBudgetNanos: null,
    below_nanos: 1,
    // As a document for programs has it: once is enough.
    amount_usd: '5.000000000',
    amount_nanos: 5_000_000_000,
    plan: { priceNanos: -7 },
    models: ['a'],
    expiresAt: at,
    name: 'nanos',
    calls: 3,
  }
  assert.deepEqual(inDollars(facts), {
    budget_usd: '2.500000000',
    period_budget_usd: null,
    below_usd: '0.000000001',
    amount_usd: '5.000000000',
    plan: { price_usd: '-0.000000007' },
    models: ['a'],
    expiresAt: at,
    name: 'nanos',
    calls: 3,
  })
})
