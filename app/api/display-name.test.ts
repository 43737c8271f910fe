import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayName } from './display-name.ts'

test('an id is read as a name, whatever it is made of', () => {
  for (const [id, name] of [
    ['claude-sonnet-5', 'Claude Sonnet 5'],
    ['claude-haiku-4-5', 'Claude Haiku 4.5'],
    ['claude-haiku-4-5-20251001', 'Claude Haiku 4.5 (20251001)'],
    ['gpt-4o-2024-08-06', 'GPT 4o (2024-08-06)'],
    ['o3', 'O3'],
    ['', ''],
  ] as const)
    assert.equal(displayName(id), name)
})
