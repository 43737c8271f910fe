import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { formatCallId, newCallId, parseCallId } from './call-id.ts'

test('a new id is a UUID of version 7 with the milliseconds in front', () => {
  // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22Z.
  const text = formatCallId(newCallId(0x017f22e279b0))
  assert.match(text, /^017f22e2-79b0-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

test('ids sort by time, and no two of one millisecond are the same', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), (base, later) => {
      const [a, b] = [newCallId(base * 1000), newCallId(base * 1000 + later + 1)]
      assert.ok(Buffer.compare(a, b) < 0)
      assert.ok(formatCallId(a) < formatCallId(b))
    }),
  )
  const same = Array.from({ length: 10_000 }, () => formatCallId(newCallId(1)))
  assert.equal(new Set(same).size, same.length)
})

test('every sixteen bytes are one text, and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const text = formatCallId(bytes)
      assert.deepEqual(parseCallId(text), Buffer.from(bytes))
      assert.deepEqual(parseCallId(text.toUpperCase()), Buffer.from(bytes))
    }),
  )
})

test('anything else is no id', () => {
  const good = formatCallId(newCallId(Date.now()))
  const texts = ['', good.slice(1), `${good}0`, `${good}\n`, good.replaceAll('-', '')]
  for (const text of [...texts, good.replace(/.$/, 'g'), `{${good}}`]) {
    assert.equal(parseCallId(text), undefined, JSON.stringify(text))
  }
  assert.throws(() => formatCallId(Buffer.alloc(15)), RangeError)
  assert.throws(() => newCallId(-1), RangeError)
})
