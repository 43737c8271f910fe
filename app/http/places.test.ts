import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { placeOf, Places } from './places.ts'

describe('places', () => {
  test('are bounded for all and for each, and free again once they are left', () => {
    const places = new Places({ allMax: 3, eachMax: 2 })
    const [first, second] = [places.take('a'), places.take('a')]
    assert.ok(first && second)
    assert.equal(places.take('a'), undefined)
    const third = places.take('b')
    assert.ok(third)
    assert.equal(places.take('c'), undefined)
    first()
    // Whoever leaves twice has left once.
    first()
    assert.ok(places.take('c'))
    assert.equal(places.take('c'), undefined)
    second()
    third()
    assert.ok(places.take('a'))
  })

  test('are the network’s of an IPv6 address, and the address’s own otherwise', () => {
    assert.equal(placeOf('192.0.2.7'), '192.0.2.7')
    assert.equal(placeOf('::ffff:192.0.2.7'), '192.0.2.7')
    assert.equal(placeOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2')
    assert.equal(placeOf('2001:db8:1:2::6'), '2001:db8:1:2')
    assert.equal(placeOf('2001:db8::1'), '2001:db8:0:0')
    assert.equal(placeOf('fe80::1%eth0'), 'fe80:0:0:0')
    assert.equal(placeOf('::1'), '0:0:0:0')
    assert.equal(placeOf(undefined), '')
  })
})
