import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellableCode } from './tellable-code.ts'

test('the name of an error is kept, whoever gave it', () => {
  for (const name of [
    'insufficient_quota',
    'RESOURCE_EXHAUSTED',
    'DeploymentNotFound',
    'invalid_base64',
    'http.429',
    'ECONNREFUSED',
    'UND_ERR_HEADERS_TIMEOUT',
    '1302',
  ])
    assert.equal(tellableCode([undefined, name]), name)
})

test('what is no name is not: keys, ids, words, and what is too long', () => {
  for (const name of [
    'sk-abcdefghijklmnop',
    'sk-proj-A1b2C3',
    'org-abcdef',
    'req_011CS',
    'a9f86d081884c7d659a2feaa0c55ad015',
    'The key is wrong',
    'person@example.com',
    'https://example.com',
    'a'.repeat(61),
    '',
  ])
    assert.equal(tellableCode([name]), undefined, name)
  assert.equal(tellableCode(['no name at all', 'server_error']), 'server_error')
})

test('a long name that is none takes no time to refuse', () => {
  assert.equal(tellableCode([`${'a'.repeat(59)}!`]), undefined)
})
