import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoodStill } from './stood-still.ts'

const at = (id: string, lastSign: string) => ({ id: Buffer.from(id), lastSign })

test('who gives the same sign for long enough stands still', () => {
  const still = new StoodStill(20_000)
  assert.equal(still.has(at('one', '12:00:00'), 0), false)
  still.note([at('one', '12:00:00')], 0)
  still.note([at('one', '12:00:00')], 10_000)
  assert.equal(still.has(at('one', '12:00:00'), 19_999), false)
  assert.equal(still.has(at('one', '12:00:00'), 20_000), true)
  assert.equal(still.has(at('other', '12:00:00'), 20_000), false)
})

test('another sign, or none that is old, begins the wait anew', () => {
  const still = new StoodStill(20_000)
  still.note([at('one', '12:00:00')], 0)
  still.note([at('one', '12:00:10')], 15_000)
  assert.equal(still.has(at('one', '12:00:00'), 20_000), false)
  assert.equal(still.has(at('one', '12:00:10'), 35_000), true)
  still.note([at('other', '12:00:00')], 36_000)
  assert.equal(still.has(at('one', '12:00:00'), 36_000), false)
})
