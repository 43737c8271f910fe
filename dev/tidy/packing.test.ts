import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packedMembers } from './packing.ts'
import { readCode, sourceFile } from './source-tree.ts'

test('members of a literal are written plainly', () => {
  assert.deepEqual(readCode().flatMap(packedMembers), [])
})

test('a literal spread into a literal is seen', () => {
  const planted = `const row = {
    ...{ a, b },
    ...rest,
    ...(rest.c ? { c } : {}),
  }
  const list = [
    ...[a, b],
    ...rest,
    ...[a].map(twice),
  ]
  call(...[a, b])`
  assert.deepEqual(packedMembers(sourceFile('f.ts', planted)), ['f.ts:2', 'f.ts:7', 'f.ts:11'])
})
