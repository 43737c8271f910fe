import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

import { selectTests } from './test-selection.ts'

const root = mkdtempSync(join(tmpdir(), 'selection-'))
after(() => rmSync(root, { recursive: true }))
const files = ['app/money.ts', 'app/money.test.ts', 'app/ledger/hold.test.ts', 'e2e/ledger.spec.ts']
for (const file of files) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), '')
}

test('without a word every test file is chosen, and with words those whose path has one', () => {
  const unit = ['app/ledger/hold.test.ts', 'app/money.test.ts']
  const browser = ['e2e/ledger.spec.ts']
  assert.deepEqual(selectTests([], root), { unit, browser, isPartial: false })
  assert.deepEqual(selectTests(['--no-e2e'], root), { unit, browser: [], isPartial: false })
  assert.deepEqual(selectTests(['ledger'], root), {
    unit: unit.slice(0, 1),
    browser,
    isPartial: true,
  })
  assert.deepEqual(selectTests(['money', 'hold', '--no-e2e'], root).unit, unit)
})

test('a word that chooses nothing is a mistake, not a success', () => {
  assert.throws(() => selectTests(['monney'], root), {
    message: "No test file's path contains monney.",
  })
  assert.throws(() => selectTests(['--no-e3e'], root), { name: 'CannotContinue' })
})
