import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isWithin } from './addresses.ts'

test('an address is within what its first bits say, whichever way it is written', () => {
  const list = JSON.stringify(['10.0.0.0/8', '203.0.113.7', '2001:db8::/32', '192.168.1.77/24'])
  for (const address of [
    '10.255.0.1',
    '::ffff:10.1.2.3',
    '203.0.113.7',
    '2001:db8:1::1',
    '2001:0DB8::1',
    '192.168.1.1',
  ])
    assert.equal(isWithin(list, address), true, address)
  for (const address of ['11.0.0.1', '203.0.113.8', '2001:db9::1', '192.168.2.1', '', 'x', '::1'])
    assert.equal(isWithin(list, address), false, address)
  assert.equal(isWithin('[]', '10.0.0.1'), false)
  assert.equal(isWithin('["0.0.0.0/0"]', '::1'), false)
})
