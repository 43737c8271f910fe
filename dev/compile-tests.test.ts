import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { longestFirst } from './test-order.ts'

test('a compiled test knows where its source lies, and its stacks name places there', () => {
  const own = fileURLToPath(import.meta.url)
  assert.match(own, /dev\/compile-tests\.test\.ts$/)
  assert.ok(existsSync(own))
  // Of line 13, not of the one in the program.
  assert.match(new Error('here').stack ?? '', /dev\/compile-tests\.test\.ts:13:/)
})

test('the slow files begin first, and all others stay in their order', () => {
  const files = ['app/a.test.ts', 'app/ledger/a.test.ts', 'dev/start.test.ts', 'sql/b.test.ts']
  assert.deepEqual(longestFirst(files), [
    'dev/start.test.ts',
    'app/ledger/a.test.ts',
    'app/a.test.ts',
    'sql/b.test.ts',
  ])
})
