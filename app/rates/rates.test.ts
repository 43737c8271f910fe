import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corrected, moved, partOf, rateOf, taken, unitsLeft, waitUs } from '../values/rates/gcra.ts'
import { anthropicLimitHeaders, goDuration, openaiLimitHeaders } from './headers.ts'
import { InputShares } from './input-shares.ts'
import { refusedByLimit } from './refused.ts'
import { firstOf, ruleOf } from './rule.ts'

const second = 1_000_000

test('a rate lets in its burst, then one as often as it says, whatever part of it is asked', () => {
  for (const parts of [1, 2, 7]) {
    const rate = partOf(rateOf(600, 10), parts)
    let fullUs = 0
    let count = 0
    for (let us = 0; us <= 60 * second; us += 10_000)
      if (waitUs(rate, fullUs, 1, us) === 0) {
        fullUs = taken(rate, fullUs, 1, us)
        count++
      }
    assert.ok(Math.abs(count - 700 / parts) <= 1, `${count} of a ${parts}th`)
  }
  // One a minute is one at once, whatever the burst says.
  assert.equal(waitUs(rateOf(1, 1), 0, 1, second), 0)
})

test('what is given back can be taken again, and a debt is paid first', () => {
  const rate = rateOf(600, 60)
  const all = taken(rate, 0, 600, second)
  assert.deepEqual([unitsLeft(rate, all, second), waitUs(rate, all, 1, second)], [0, 100_000])
  assert.equal(unitsLeft(rate, corrected(rate, all, -500, second), second), 500)
  const debt = corrected(rate, all, 60, second)
  assert.equal(waitUs(rate, debt, 1, second), 61 * 100_000)
  assert.equal(waitUs(rate, 0, 9_999, second), 0, 'more than all of it waits for all of it')
})

test('another rate counts what was taken by number, and nobody waits for more than all of it', () => {
  const [slow, quick] = [rateOf(60, 60), rateOf(6_000, 60)]
  const spent = taken(slow, 0, 60, second)
  assert.equal(unitsLeft(quick, moved(slow, quick, spent, second), second), 5_940)
  const debt = corrected(slow, spent, 6_000, second)
  assert.equal(waitUs(quick, moved(slow, quick, debt, second), 1, second), 61 * 10_000)
  const busy = taken(quick, 0, 6_000, second)
  assert.equal(waitUs(slow, moved(quick, slow, busy, second), 1, second), second)
  const some = taken(quick, 0, 30, second)
  assert.equal(unitsLeft(slow, moved(quick, slow, some, second), second), 30)
  // What has come due is due of neither.
  assert.equal(moved(slow, quick, second, 2 * second), second)
})

test('durations are as Go prints them', () => {
  const said = [0, 20, 999.2, 1_000, 1_200, 60_000, 360_000, 361_500, 3_661_001]
  assert.deepEqual(said.map(goDuration), [
    '0s',
    '20ms',
    '1s',
    '1s',
    '1.2s',
    '1m0s',
    '6m0s',
    '6m1.5s',
    '1h1m1.001s',
  ])
})

test('headers are those of each dialect, and only of what is limited', () => {
  const requests = { limit: 60, remaining: 59, resetMs: 1_000 }
  assert.deepEqual(openaiLimitHeaders({ requests }), [
    'x-ratelimit-limit-requests',
    '60',
    'x-ratelimit-remaining-requests',
    '59',
    'x-ratelimit-reset-requests',
    '1s',
  ])
  const tokens = { limit: 9_000, remaining: 0, resetMs: 90_500 }
  const said = anthropicLimitHeaders({ tokens }, Date.UTC(2026, 0, 1))
  assert.deepEqual(said.slice(0, 6), [
    'anthropic-ratelimit-tokens-limit',
    '9000',
    'anthropic-ratelimit-tokens-remaining',
    '0',
    'anthropic-ratelimit-tokens-reset',
    '2026-01-01T00:01:31Z',
  ])
  assert.equal(said.length, 18)
})

test('the narrowest that says something holds, and 0 lifts what a wider one says', () => {
  const row = { requests: null, tokens: null, calls: null, burstSeconds: null }
  const wide = { ...row, requests: 60, tokens: 9_000, calls: 2 }
  const own = { ...row, requests: 0, tokens: 500 }
  assert.deepEqual(firstOf([own, undefined, wide]), { ...row, requests: 0, tokens: 500, calls: 2 })
  const rule = ruleOf(firstOf([own, wide]), { scope: 'account' })
  assert.deepEqual([rule?.requests, rule?.tokens?.limit, rule?.calls], [undefined, 500, 2])
  assert.equal(ruleOf({ ...row, calls: 0 }, { scope: 'key' }), undefined)
})

test('a refusal says which limit it was, whose, and when to come again', () => {
  const rule = ruleOf(
    { requests: 60, tokens: 90_000, calls: 3, burstSeconds: null },
    { scope: 'model', model: 'gpt-4o' },
  )!
  const of = { rule, waitMs: 12_345, tokens: 5_000, figures: {} }
  const { wire } = refusedByLimit({ ...of, kind: 'tokens' })
  assert.deepEqual([wire.status, wire.error.type], [429, 'tokens'])
  assert.match(
    wire.error.message,
    /this account with gpt-4o on tokens .*90,000.*5,000.* in 12\.345s/,
  )
  assert.deepEqual([wire.headers['retry-after'], wire.headers['retry-after-ms']], ['13', '12345'])
  const calls = refusedByLimit({ ...of, kind: 'calls', waitMs: 0 }).wire
  assert.deepEqual([calls.error.type, calls.headers['retry-after']], ['requests', '1'])
  assert.match(calls.error.message, /calls at once: limit 3/)
})

test('an account’s input is reckoned by the largest part of its bound that it was of late', () => {
  const shares = new InputShares()
  assert.equal(shares.reckon(1, 1_000), 1_000)
  shares.learn(1, 1_000, 250)
  assert.equal(shares.reckon(1, 1_000), 250)
  shares.learn(1, 1_000, 500)
  for (let i = 0; i < 5; i++) shares.learn(1, 1_000, 250)
  const later = shares.reckon(1, 1_000)
  assert.ok(later > 250 && later < 500, String(later))
  assert.equal(shares.reckon(2, 1_000), 1_000)
  // Whoever has sent nothing but blanks may send words next.
  for (let i = 0; i < 50; i++) shares.learn(3, 1_000, 1)
  assert.equal(shares.reckon(3, 1_000), 200)
})
