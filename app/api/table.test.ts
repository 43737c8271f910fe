import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readTarget } from '../http/http.server.ts'
import { apiTable, findEntry, isApiPath } from './table.ts'

test('every spelling that Remix would take for a path of the API comes to the door', () => {
  for (const path of [
    '/v1',
    '/v1/models',
    '/v1/models?limit=1',
    '/V1/Models',
    '/%761/models',
    '//v1//models',
    '/v1/models.data',
    '/v1/%zz',
    '/v1.data',
    '/v1%2Fmodels',
    '/x/../v1/models',
    '/v1\\models',
    'http://relay.example/v1/models',
    '/dashboard/billing/usage',
    '/Dashboard/billing/usage/',
    '/dashboard/billing/usage.data',
    '/dashboard/%62illing/credit_grants',
  ])
    assert.ok(isApiPath(readTarget(path).url), path)
})

test('pages go past it', () => {
  for (const path of [
    '/',
    '/v12',
    '/dashboard',
    '/dashboard/billing',
    '/usage.data',
    '/%zz',
    '/?/v1',
    '/%',
    '/v1/../usage',
    'http://relay.example/usage?/v1/',
  ])
    assert.ok(!isApiPath(readTarget(path).url), path)
})

test('a model has its own path, whatever slashes are in its name', () => {
  const cases = {
    '/v1/models/a': 'a',
    '/v1/models/a/b': 'a/b',
    '/v1/models/a%2Fb': 'a%2Fb',
    '/v1/models/@cf/meta/llama': '@cf/meta/llama',
  }
  for (const [path, id] of Object.entries(cases)) {
    const found = findEntry(path)
    assert.deepEqual([found?.entry.path, found?.params], ['/v1/models/:id', { id }], path)
  }
  assert.equal(findEntry('/v1/models/')?.entry.path, '/v1/models')
})

test('README names every path that answers', () => {
  const readme = readFileSync('README.md', 'utf8')
  const named = new Set([...readme.matchAll(/(\/v1\/[\w/]+)`/g)].map(([, path]) => path))
  const missing = apiTable
    // A balance is said once, and nothing can be cancelled.
    .filter(({ path }) => path.startsWith('/v1/') && !/\/dashboard\/|\/cancel$/.test(path))
    .map(({ path }) => path.replace(':id', 'ID'))
    .filter((path) => !named.has(path))
  assert.deepEqual(missing, [])
})
