import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wireError } from '../../errors/errors.ts'
import { refusedForMoney } from '../../errors/refusal.ts'
import type { WireError } from '../../errors/errors.ts'
import { refusalOf } from './refusal.server.ts'

const call = '01890000-0000-7000-8000-000000000000'
const refusal = ({ status, error }: WireError) =>
  refusalOf({ status, body: JSON.stringify({ error }), keyId: 7 }, call)
const figures = { neededNanos: 2e9, availableNanos: 1e9, heldNanos: 0, limitThatFits: 0 }
const budget = { budgetNanos: 1e9, spentNanos: 1e9, heldNanos: 0 }

test('what money is too little for leads to credit, or to the budget of the key', () => {
  const poor = refusedForMoney('insufficient_balance', { ...figures, budget: null }, undefined)
  const { way } = refusal(poor.wire)
  const dollars = { needed: '2.000000000', available: '1.000000000', held: '0.000000000' }
  assert.deepEqual(way, { to: 'credit', ...dollars })
  const spent = refusedForMoney('key_budget_exceeded', { ...figures, budget }, undefined)
  assert.deepEqual(refusal(spent.wire).way, { to: 'key', keyId: 7 })
  const cap = { ...figures, budget: { ...budget, isMembers: true as const } }
  assert.equal(refusal(refusedForMoney('key_budget_exceeded', cap, undefined).wire).way, null)
})

test('a key that was revoked meanwhile is asked for again, and other words are the API’s own', () => {
  assert.equal(refusal(wireError('invalid_api_key')).status, 409)
  const { message, status, way } = refusal(wireError('rate_limit_exceeded'))
  assert.deepEqual([status, way], [429, null])
  assert.equal(message, wireError('rate_limit_exceeded').error.message)
})
