import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packedMembers } from './packing.ts'
import { readCode, sourceFile } from './source-tree.ts'

/** Rooms that are being rewritten while this is. */
const later = /^app\/(relay|sample-history|api|start|values)\/|^test\/|\.(test|spec)\.ts$/

test('members of a literal are written plainly', () => {
  assert.deepEqual(
    readCode()
      .flatMap(packedMembers)
      .filter((place) => !later.test(place.replace(/:\d+$/, ''))),
    [],
  )
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
