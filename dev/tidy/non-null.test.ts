import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unexplainedNonNulls } from './non-null.ts'
import { isTest, readCode, sourceFile } from './source-tree.ts'

/**
 * Where a call of somebody's may depend on it. In tests, fixtures and benchmarks what is not there
 * ends the run, which is what they are for.
 */
const isHeld = (path: string) =>
  path.startsWith('app/') || path.startsWith('dev/') || path === 'server.ts'

test('a ! that says something is there has a comment that says why', () => {
  const held = readCode().filter((file) => !isTest(file) && isHeld(file.path))
  assert.deepEqual(held.flatMap(unexplainedNonNulls), [])
})

test('a ! without a reason is seen', () => {
  const planted = `const a = found!
// There is always one.
const b = found!
const c = b!.c!
const d = 1
const e = found! // As above.

const f = found!
  .map(one)
const g = !found && a !== b
/** The last one: there is one at least. */
const h = list.at(-1)!
const i = list
  // Never empty.
  .at(-1)!`
  const file = sourceFile('f.ts', planted)
  assert.deepEqual(unexplainedNonNulls(file), ['f.ts:1', 'f.ts:8'])
})
