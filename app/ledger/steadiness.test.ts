import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Steadiness } from './sweep.ts'

test('a relay sweeps only after it has been heard without a break for long enough', () => {
  const steadiness = new Steadiness(20_000)
  assert.equal(steadiness.maySweep(0), false)
  steadiness.note(true, 0)
  steadiness.note(true, 10_000)
  assert.equal(steadiness.maySweep(19_999), false)
  assert.equal(steadiness.maySweep(20_000), true)
})

test('a heartbeat that failed begins the wait anew', () => {
  const steadiness = new Steadiness(20_000)
  steadiness.note(true, 0)
  steadiness.note(false, 30_000)
  assert.equal(steadiness.maySweep(60_000), false)
  steadiness.note(true, 60_000)
  assert.equal(steadiness.maySweep(79_999), false)
  assert.equal(steadiness.maySweep(80_000), true)
})
