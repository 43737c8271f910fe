import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyStatusOf } from './keys.ts'

const fresh = {
  revokedAt: null,
  expired: 0,
  disabledAt: null,
  budgetNanos: 10,
  spentNanos: 9,
  periodBudgetNanos: null,
  periodSpentNanos: 0,
}

test('a key is what stops it first: revoked before expired before disabled before its budget', () => {
  assert.equal(keyStatusOf(fresh), 'active')
  assert.equal(keyStatusOf({ ...fresh, budgetNanos: null }), 'active')
  const spent = { ...fresh, spentNanos: 10 }
  assert.equal(keyStatusOf(spent), 'spent')
  assert.equal(keyStatusOf({ ...fresh, periodBudgetNanos: 5, periodSpentNanos: 4 }), 'active')
  assert.equal(keyStatusOf({ ...fresh, periodBudgetNanos: 5, periodSpentNanos: 5 }), 'spent')
  const disabled = { ...spent, disabledAt: new Date() }
  assert.equal(keyStatusOf(disabled), 'disabled')
  const expired = { ...disabled, expired: 1 }
  assert.equal(keyStatusOf(expired), 'expired')
  assert.equal(keyStatusOf({ ...expired, revokedAt: new Date() }), 'revoked')
})
