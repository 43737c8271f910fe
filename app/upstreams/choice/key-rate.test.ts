import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyRate } from './key-rate.ts'

const low = { tokensPerMinute: 1_000 }
const high = { tokensPerMinute: 100_000 }

test('a limit that is raised holds at once, and one that is lowered waits for no more than all of it', () => {
  const rate = new KeyRate()
  const at = (nowMs: number, tokens: number) => ({ nowMs, tokens, relays: 1 })
  rate.take(low, at(0, 1_000))
  rate.correct(at(0, 49_000))
  assert.equal(rate.lets(low, at(0, 1)), false)
  assert.equal(rate.lets(high, at(0, 50_000)), true)
  rate.take(high, at(0, 50_000))
  assert.equal(rate.lets(high, at(0, 1)), false)
  assert.equal(rate.lets(low, at(0, 1)), false)
  assert.equal(rate.lets(low, at(60_000, 1_000)), true)
})
