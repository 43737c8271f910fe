import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOf } from './words.ts'

test('a payment that waits for the operator is named with why, and with what ends it', () => {
  const said = (why: 'mismatch' | 'late') =>
    wordsOf({ kind: 'payment.unclear', order: 'ab12', account: 7, why }, {})
  assert.equal(said('mismatch').subject, 'A payment of account 7 waits for you')
  assert.match(said('mismatch').lines.join(), /order show ab12`.+order settle ab12`/)
  assert.match(said('late').lines.join(), /order check ab12 --late`/)
})

test('credit that is low is said in an amount of it, and credit below zero as what it is', () => {
  const low = (creditNanos: number) =>
    wordsOf({ kind: 'balance.low', creditNanos, belowNanos: 5_000_000_000 }, {}).lines.join()
  assert.match(low(1_500_000_000), /^\$1\.50 are left\. Without credit/)
  assert.match(low(0), /^\$0\.00 are left\. /)
  assert.match(low(-1_500_000_000), /^The account is \$1\.50 below zero\. Without credit/)
})
