import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, readCode } from './source-tree.ts'

test('the environment is read in one place', () => {
  const allowed = new Set([
    'app/config/env.ts',
    'dev/command/environment.ts',
    'dev/bootstrap.mjs',
    // Shows other programs how they read their own.
    'app/ui/snippets.ts',
    // Names what a package reads, whose place a word takes in the build.
    'vite.config.ts',
  ])
  const offenders = readCode().filter(
    (file) =>
      !isTest(file) &&
      !allowed.has(file.path) &&
      !file.path.startsWith('e2e/') &&
      /process\.env\b/.test(file.text),
  )
  assert.deepEqual(
    offenders.map(({ path }) => path),
    [],
  )
})
