import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedKey } from './refused-key.ts'

/** What whoever sends this is told. */
function toldFor(headers: Record<string, string>) {
  const { wire } = refusedKey({ header: (name) => headers[name] ?? null })
  const { status, error } = wire
  assert.deepEqual(
    [status, error.type, error.code, wire.headers['x-should-retry']],
    [401, 'invalid_request_error', 'invalid_api_key', 'false'],
  )
  return error.message
}

test('whoever has sent no key is told that, and where it goes', () => {
  const none = 'You did not provide an API key. Send `Authorization: Bearer …` or `x-api-key`.'
  const without: Record<string, string>[] = [
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'bearer ', 'x-api-key': '' },
  ]
  for (const headers of without) assert.equal(toldFor(headers), none)
})

test('whoever has sent one that is wrong is told so in the words that programs know', () => {
  const wrong = 'Incorrect API key provided.'
  const given: Record<string, string>[] = [
    { authorization: 'Bearer x' },
    { authorization: 'Basic eDp5' },
    { authorization: 'sk-without-a-scheme' },
    { 'x-api-key': 'sk-ant-1' },
    { authorization: 'Bearer', 'x-api-key': '1' },
  ]
  for (const headers of given) assert.equal(toldFor(headers), wrong)
})
