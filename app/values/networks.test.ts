import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isWithin, networkOf } from './networks.ts'

test('a network is an address with as many of its bits as count, and nothing else', () => {
  assert.equal(networkOf('10.0.0.0/8'), '10.0.0.0/8')
  assert.equal(networkOf('203.0.113.7'), '203.0.113.7')
  assert.equal(networkOf('203.0.113.7/32'), '203.0.113.7')
  assert.equal(networkOf('2001:DB8::/032'), '2001:db8::/32')
  assert.equal(networkOf('::/0'), '::/0')
  const wrong = ['', '10', '10.0.0.0/33', '10.0.0.0/', '010.0.0.1', '10.0.0.0/-1', 'localhost']
  const odd = [
    '::/129',
    'fe80::1%eth0',
    '::ffff:10.0.0.0/104',
    '1.2.3.4 ',
    '10.0.0.0/8/8',
    '٠.0.0.0',
  ]
  for (const text of [...wrong, ...odd]) assert.equal(networkOf(text), undefined, text)
})

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
