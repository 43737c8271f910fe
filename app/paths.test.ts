import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dashboardPath, safeReturnTo } from './paths.ts'

test('a return path stays on this site, however another is disguised', () => {
  const hostile = [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/./\\evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    '///evil.example',
    '/\n/evil.example',
  ]
  for (const text of [...hostile, null]) {
    const path = safeReturnTo(text)
    assert.equal(new URL(path, 'http://here.example').host, 'here.example', String(text))
    assert.ok(!path.startsWith('//'), String(text))
  }
  assert.equal(safeReturnTo('https://evil.example'), dashboardPath)
})

test('a return path keeps its query and its fragment', () => {
  assert.equal(safeReturnTo('/keys?revoked=3#list'), '/keys?revoked=3#list')
})
