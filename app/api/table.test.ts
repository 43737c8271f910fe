import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isApiPath } from './table.ts'

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
    '/dashboard/billing/usage',
    '/Dashboard/billing/usage/',
    '/dashboard/billing/usage.data',
    '/dashboard/%62illing/credit_grants',
  ])
    assert.ok(isApiPath(path), path)
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
  ])
    assert.ok(!isApiPath(path), path)
})
