import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOf } from './words.ts'

test('credit that is low is said in an amount of it, and credit below zero as what it is', () => {
  const low = (creditNanos: number) =>
    wordsOf({ kind: 'balance.low', creditNanos, belowNanos: 5_000_000_000 }, {}).lines.join()
  assert.match(low(1_500_000_000), /^\$1\.50 are left\. Without credit/)
  assert.match(low(0), /^\$0\.00 are left\. /)
  assert.match(low(-1_500_000_000), /^The account is \$1\.50 below zero\. Without credit/)
})
