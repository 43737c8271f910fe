import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyStatusOf } from './keys.ts'

const fresh = { revokedAt: null, expired: 0, budgetNanos: 10, spentNanos: 9 }

test('a key is what stops it first: revoked before expired before its budget', () => {
  assert.equal(keyStatusOf(fresh), 'active')
  assert.equal(keyStatusOf({ ...fresh, budgetNanos: null }), 'active')
  const spent = { ...fresh, spentNanos: 10 }
  assert.equal(keyStatusOf(spent), 'spent')
  const expired = { ...spent, expired: 1 }
  assert.equal(keyStatusOf(expired), 'expired')
  assert.equal(keyStatusOf({ ...expired, revokedAt: new Date() }), 'revoked')
})
