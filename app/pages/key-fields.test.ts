import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readKeyFields } from './key-fields.ts'

const now = new Date('2026-11-25T12:00:00Z')
const known = new Map([
  ['gpt-4o', 'gpt-4o'],
  ['gpt-4o-2024-08-06', 'gpt-4o'],
])
function read(fields: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: 'a key', ...fields })) form.set(name, value)
  return readKeyFields(form, known, { now, zone: 'UTC' })
}

test('a hundred characters are a hundred, whatever they are made of', () => {
  for (const character of ['x', 'ä', '汉', '🚀']) {
    const name = character.repeat(100)
    assert.equal(read({ name }).fields?.name, name)
    const { errors } = read({ name: name + character })
    assert.match(errors?.name?.message ?? '', /^A name has at most \{\w+\} characters\.$/)
    assert.deepEqual(Object.values(errors?.name?.values ?? {}), [100])
  }
})

test('what is too long is said, and never cut', () => {
  const models = 'gpt-4o\n'.repeat(2_000)
  assert.deepEqual(read({ models }).fields?.models, ['gpt-4o'])
  const cut = `${'gpt-4o '.repeat(714)}gpt-4o-2024-08-06 none-such`
  const unknown = read({ models: cut }).errors?.models
  assert.equal(unknown?.message, 'There is no model {shown} here.')
  assert.deepEqual(unknown?.values, { shown: 'none-such' })
  assert.equal(read({ models: cut }).typed.models, cut)
})

test('a box that is ticked comes as on, and one that is not does not come', () => {
  assert.equal(read({}).fields?.responsesAtChat, false)
  const ticked = read({ responsesAtChat: 'on' })
  assert.equal(ticked.fields?.responsesAtChat, true)
  assert.equal(ticked.typed.responsesAtChat, 'on')
})

test('an alias on the list stands for its model', () => {
  assert.deepEqual(read({ models: 'gpt-4o-2024-08-06, gpt-4o' }).fields?.models, ['gpt-4o'])
})
