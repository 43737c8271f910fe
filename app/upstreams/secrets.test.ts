import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tellsSecret } from './secrets.ts'

const key = 'gsk_aB3?~dE5fG7hJ9kL1mN3pQ5rS7'
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
const tells = (text: string) => tellsSecret(text, headers, 'authorization')

describe('a text tells a key', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const told = {
    'as it is': `You sent ${key}.`,
    'most of it': `You sent ${key.slice(0, 14)}…`,
    'in other letters': key.toUpperCase(),
    'in base64': base64(key),
    'in base64 of more': base64(`user:${key}`),
    'in base64 for addresses': Buffer.from(`u${key}`).toString('base64url'),
    'of somebody else': 'Incorrect API key provided: sk-ab***yz.',
    'as a header': 'authorization: Bearer abcdefgh12345678',
  }
  for (const [name, text] of Object.entries(told)) test(name, () => assert.ok(tells(text)))

  test('and other words do not', () => {
    for (const text of ['Invalid value for task-list.', 'application/json', 'req_0123456789', ''])
      assert.ok(!tells(text), text)
    assert.ok(!tellsSecret('anything', {}, undefined))
  })

  test('a word in place of a key is none', () => {
    for (const word of ['EMPTY', 'ollama', 'none', 'x'])
      for (const text of [
        'messages must not be empty',
        'ollama/llama3.1:8b',
        'req_0123456789',
        'none',
      ])
        assert.ok(!tellsSecret(text, { authorization: `Bearer ${word}` }, 'authorization'), text)
  })

  test('a short key is found whole, and in base64', () => {
    const short = { 'x-api-key': 'aB3dE5fG7h' }
    for (const text of ['you sent aB3dE5fG7h', base64('user:aB3dE5fG7h')])
      assert.ok(tellsSecret(text, short, 'x-api-key'), text)
    assert.ok(!tellsSecret('you sent aB3dE5fG', short, 'x-api-key'))
  })
})
