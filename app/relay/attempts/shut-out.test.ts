import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  saysStatus,
  startSeveral,
  usage,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'

let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: {}, second: {} })
})
afterEach(async () => {
  await several.expectNothingHeld()
  several.forget()
})
after(() => several.stop())

test('a key that an upstream says again is told nobody: not the client, no row and no log', async () => {
  const key = 'sk-first-main'
  const plain = /sk-first|c2stZmlyc3/
  const hidden = Buffer.from(`Bearer ${key}`).toString('base64')
  const errors = [
    { message: `You sent ${key}`, type: 'invalid_request_error', code: 'invalid_value' },
    { message: 'no', type: 'invalid_request_error', code: 'invalid_value', param: key },
    { message: `no: ${hidden}`, type: 'invalid_request_error', code: 'invalid_value' },
    { message: 'no', type: 'invalid_request_error', code: key },
  ]
  for (const error of errors) {
    several.fed.first.play(saysStatus(400, error, { 'x-request-id': `req-${key}` }))
    const answer = await several.call()
    assert.equal(answer.status, 400)
    assert.doesNotMatch(answer.text + JSON.stringify(answer.headers), plain)
    await several.waitForCall(answer.headers['x-request-id'])
  }
  several.fed.first.play((res) => {
    const choice = { index: 0, finish_reason: 'stop', message: { content: 'two words' } }
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(JSON.stringify({ model: key, choices: [choice], usage }))
  })
  const { headers } = await several.call()
  await several.waitForCall(headers['x-request-id'])
  assert.doesNotMatch(JSON.stringify(await several.sql('select * from calls')), plain)
  assert.doesNotMatch(several.relay.logged.join(''), plain)
})

describe('one client shuts out nobody from an upstream', () => {
  const invalid = { type: 'invalid_request_error' }
  const cases: [string, number, object, number][] = [
    ['with words that close their quotes', 400, { message: "Bad 'a' invalid api key 'b'." }, 400],
    ['with words that nobody quotes', 400, { message: 'Bad value: invalid api key' }, 200],
    ['with words of a purse', 422, { message: 'Bad value: billing' }, 200],
    ['with an address too long', 414, { message: 'URI too long' }, 414],
    ['with headers too long', 431, { message: 'Headers too large' }, 431],
    ['with a request too large for a limit', 429, { message: 'Request too large for m' }, 200],
  ]
  for (const [name, status, error, told] of cases) {
    test(name, async () => {
      several.fed.first.play(saysStatus(status, { ...error, ...invalid }))
      for (let i = 0; i < 6; i++) assert.equal((await several.call()).status, told)
      assert.equal(several.fed.first.heard.length, 6)
      several.fed.second.heard.length = 0
      several.fed.first.play((res) => res.writeHead(404).end())
      assert.equal((await several.call()).status, 404)
      assert.equal(several.fed.second.heard.length, 0)
    })
  }
})
