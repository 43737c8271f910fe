import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readTarget } from './target.ts'

const urlOf = (target: string) => readTarget(target).url

test('all spellings of a path are one path', () => {
  for (const target of [
    '/v1/models',
    '//v1//models',
    '/x/../v1/models',
    '/./v1/./models',
    '/%2e/v1/x/%2E%2e/models',
    '/v1\\models',
    '\\v1/models',
    '/%761/models',
    '/v1/models#rest',
    '/../../v1/models',
    'http://relay.example/v1/models',
    'HTTPS://relay.example:8443/v1/models',
    'http:\\\\relay.example\\v1\\models',
  ])
    assert.equal(urlOf(target), '/v1/models', target)
})

test('what a path says is kept: slashes within a part, letters of any script, the query', () => {
  const cases = {
    '/v1/models/a%2fb': '/v1/models/a%2Fb',
    '/v1/models/a/b': '/v1/models/a/b',
    '/v1/models/@cf/meta:free': '/v1/models/@cf/meta:free',
    '/v1/models/%40cf': '/v1/models/@cf',
    '/v1/models/%E6%A8%A1': '/v1/models/%E6%A8%A1',
    [Buffer.from('/v1/models/模').toString('latin1')]: '/v1/models/%E6%A8%A1',
    '/usage?from=2026-01-01&q=%2e%2e/': '/usage?from=2026-01-01&q=%2e%2e/',
    '/usage?a=1#b?c': '/usage?a=1',
    '/a#b?c': '/a',
    '/usage?q=a\\b': '/usage?q=a\\b',
    '/keys/': '/keys/',
    '/keys/.': '/keys/',
    'http://relay.example': '/',
    'http://relay.example?a=1': '/?a=1',
    '*': '/*',
    '': '/',
  }
  for (const [target, url] of Object.entries(cases)) assert.equal(urlOf(target), url, target)
})

test('a percent sign that escapes nothing stands for itself', () => {
  const cases = {
    '/%': '/%25',
    '/%zz': '/%25zz',
    '/%ff': '/%25ff',
    '/a/%/..': '/a/',
    '/%2576': '/%2576',
    '/100%/x': '/100%25/x',
  }
  for (const [target, url] of Object.entries(cases)) assert.equal(urlOf(target), url, target)
})

test('a host in the target goes before the header', () => {
  assert.equal(readTarget('http://relay.example:3000/v1').host, 'relay.example:3000')
  assert.equal(readTarget('/http://relay.example/v1').host, undefined)
})

const pieces = [
  '/',
  '\\',
  '.',
  '..',
  '%2e',
  '%2F',
  '%',
  '%zz',
  '%ff',
  '%25',
  '?',
  '#',
  'v1',
  ' ',
  'é',
]
const targets = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => Buffer.from(text).toString('latin1')),
)

test('of whatever comes: one slash first, no dots to follow, and the same when taken again', () => {
  fc.assert(
    fc.property(targets, (target) => {
      const url = urlOf(`/${target}`)
      assert.match(url, /^\/(?![/\\])[!-~]*$/)
      assert.equal(urlOf(url), url)
      const [path = ''] = url.split('?', 1)
      // A browser, and Remix, would read the very same path.
      assert.equal(new URL(url, 'http://relay.invalid').pathname, path)
      decodeURIComponent(path)
    }),
    { numRuns: 2_000 },
  )
})
