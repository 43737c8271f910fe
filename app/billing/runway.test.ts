import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayMs } from '../values/days.ts'
import { runwayOf } from './runway.ts'

const now = new Date('2026-11-26T12:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * dayMs)
const usd = 1_000_000_000

test('money lasts as long as the average of seven days says, in whole days', () => {
  const of = { availableNanos: 23.9 * usd, spentNanos: 7 * usd, createdAt: ago(100), now }
  assert.deepEqual(runwayOf(of), { dailyNanos: usd, ofDays: 7, days: 23 })
})

test('days before there was an account are not days without use', () => {
  const of = { availableNanos: 10 * usd, spentNanos: 4 * usd, now }
  const young = runwayOf({ ...of, createdAt: ago(1.5) })
  assert.deepEqual(young, { dailyNanos: 2 * usd, ofDays: 2, days: 5 })
  const newest = runwayOf({ ...of, createdAt: now })
  assert.deepEqual(newest, { dailyNanos: 4 * usd, ofDays: 1, days: 2 })
})

test('whoever spent nothing is promised nothing, and whoever owes has no day', () => {
  const of = { createdAt: ago(100), now }
  const nothing = { dailyNanos: 0, ofDays: 7, days: null }
  assert.deepEqual(runwayOf({ ...of, availableNanos: usd, spentNanos: 0 }), nothing)
  assert.equal(runwayOf({ ...of, availableNanos: -usd, spentNanos: 7 * usd }).days, 0)
})

test('the least that was spent is not rounded to nothing', () => {
  const of = { availableNanos: 70, spentNanos: 1, createdAt: ago(100), now }
  assert.deepEqual(runwayOf(of), { dailyNanos: 1, ofDays: 7, days: 70 })
})
