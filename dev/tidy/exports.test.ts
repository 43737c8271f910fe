import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unusedExports } from './exports.ts'
import { readCode, sourceFile } from './source-tree.ts'

test('every export is imported by somebody', () => {
  assert.deepEqual(unusedExports(readCode()), [])
})

test('an export that nobody imports is seen, whatever its form', () => {
  const planted = [
    sourceFile(
      'app/keys/keys.server.ts',
      "export { revoke, type Key as Shown } from './keys.ts'\nexport { create } from './keys.ts'",
    ),
    sourceFile(
      'app/keys/keys.ts',
      `export function revoke() {}
       export const create = 1, forget = 2
       export const { open, shut: closed } = pair
       export type Key = string
       export type Secret = string
       export class Kept {}
       function hidden() {}`,
    ),
    sourceFile('app/keys/kept.ts', 'export const a = 1\nexport const b = 2'),
    sourceFile('app/keys/later.ts', 'export const c = 1\nexport type D = string'),
    sourceFile(
      'app/keys/keys.test.ts',
      `import { revoke as act, type Shown } from './keys.server.ts'
       import * as kept from './kept.ts'
       const c = await import('./later.ts')
       type Open = typeof import('./keys.ts').open`,
    ),
    sourceFile('app/routes/keys/route.tsx', 'export const loader = 1\nexport const extra = 2'),
    sourceFile('app/routes/keys/table.tsx', 'export const loader = 1'),
  ]
  assert.deepEqual(unusedExports(planted), [
    'app/keys/keys.server.ts: create',
    'app/keys/keys.ts: forget',
    'app/keys/keys.ts: closed',
    'app/keys/keys.ts: Secret',
    'app/keys/keys.ts: Kept',
    'app/routes/keys/route.tsx: extra',
    'app/routes/keys/table.tsx: loader',
  ])
})
