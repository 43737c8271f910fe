import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieIn } from './cookie-in.ts'

const of = (cookie: string, name = 'zone') =>
  cookieIn(new Request('http://relay.test/', { headers: { cookie } }), name)

test('a cookie is read by its whole name, wherever it stands, as it was before it was written', () => {
  assert.equal(of('zone=Asia%2FShanghai'), 'Asia/Shanghai')
  assert.equal(of('a=1; zone=UTC; theme=dark'), 'UTC')
  assert.equal(of('a=1;zone=UTC'), 'UTC')
  assert.equal(of('theme=dark; zone=UTC', 'theme'), 'dark')
  for (const none of ['', 'zones=UTC', 'myzone=UTC', 'zone', 'a=zone=UTC'])
    assert.equal(of(none), undefined, none)
})

test('what cannot be read is none', () => {
  for (const odd of ['%', '%E0%A4%A', '%00%']) assert.equal(of(`zone=${odd}`), undefined)
})
