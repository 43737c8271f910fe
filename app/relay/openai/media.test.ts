import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteFile } from './media.ts'

const namedIn = (holder: unknown) => {
  const named = new Set<string>()
  noteFile({ named } as Parameters<typeof noteFile>[0], holder)
  return [...named]
}

test('a file is named by its id in whatever spelling, and behind a name that may hide one', () => {
  for (const name of ['file_id', 'FILE_ID', '\\file', 'a\\b'])
    assert.deepEqual(namedIn({ [name]: 'file-1' }), ['file_id'], name)
  for (const holder of [null, 'file_id', {}, { file_id: null }, { filename: 'a', file_data: 'b' }])
    assert.deepEqual(namedIn(holder), [], JSON.stringify(holder))
})
