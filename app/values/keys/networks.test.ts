import assert from 'node:assert/strict'
import { test } from 'node:test'

import { networkOf } from './networks.ts'

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
