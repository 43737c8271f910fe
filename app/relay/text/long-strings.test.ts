import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { Base64Check } from './base64.ts'
import { readLong } from './long-strings.ts'
import { atOnce } from './steps.ts'

const isBase64 = (pieces: string[]) => {
  const check = new Base64Check()
  for (const piece of pieces) if (!check.add(piece)) return false
  return check.end()
}
/** What RFC 4648 has, both alphabets, with the padding or without. */
const asWritten = (text: string) =>
  /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) &&
  text.replace(/=+$/, '').length % 4 !== 1 &&
  (!text.endsWith('=') || text.length % 4 === 0)

const read = (text: string, stepBytes = 64, after = '') => {
  const json = Buffer.from(text + after)
  return atOnce(readLong(json, { from: 0, to: Buffer.byteLength(text) }, stepBytes))
}

describe('a long string', () => {
  test('is base64 or not, wherever it is cut', () => {
    const chars = fc.constantFrom('A', '/', '+', '_', 'z', '9', '=', '\n', 'é', ' ')
    const good = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => {
      return Buffer.from(bytes).toString('base64')
    })
    const bad = fc.array(chars, { maxLength: 20 }).map((all) => all.join(''))
    const text = fc.oneof(
      good,
      good.map((it) => it.replace(/=+$/, '')),
      bad,
    )
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 5 }), (whole, cuts) => {
        const ends = [...cuts.map((cut) => Math.min(cut, whole.length)), whole.length]
        let from = 0
        const pieces = ends.toSorted((a, b) => a - b).map((to) => whole.slice(from, (from = to)))
        assert.equal(isBase64(pieces), asWritten(whole))
      }),
    )
  })

  test('that is media stays unread, however its slashes are written', () => {
    const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 7919) % 256))
    for (const head of ['', 'data:image/png;base64,', 'data:application/pdf;name=a b;base64,']) {
      const text = head + bytes.toString('base64')
      for (const json of [JSON.stringify(text), JSON.stringify(text).replaceAll('/', '\\/')]) {
        const unread = read(json)
        assert.ok(typeof unread === 'object', json.slice(0, 50))
        const { start, ...rest } = unread
        assert.deepEqual(rest, { from: 0, to: json.length, chars: text.length, isBase64: true })
        assert.ok(start.length > 20 && text.startsWith(start))
      }
    }
  })

  test('that is anything else is read', () => {
    const data = Buffer.alloc(90, 7).toString('base64')
    for (const text of [
      `data:image/png;base64,${data}!`,
      `data:image/p\u0001ng;base64,${data}`,
      `data:image/\\png;base64,${data}`,
      `data:image/é;base64,${data}`,
      `${data}=${data}`,
      `${data}\n`,
      'A'.repeat(41),
    ])
      assert.equal(read(JSON.stringify(text)), text)
    assert.throws(() => read(`"data:image/p\u0001ng;base64,${data}"`), SyntaxError)
    assert.throws(() => read(`"data:image/\\png;base64,${data}"`), SyntaxError)
  })

  test('that names a member is read, whatever it looks like', () => {
    const data = Buffer.alloc(90, 7).toString('base64')
    assert.equal(read(`"${data}"`, 64, ' \n: 1'), data)
  })

  test('that is too long to be counted is looked through, and not kept', () => {
    const { exactBytesMax } = limits.tokens
    const text = 'é "quoted" '.repeat(exactBytesMax / 11)
    const json = JSON.stringify(text)
    const unread = read(json, limits.http.json.stepBytes)
    assert.ok(typeof unread === 'object')
    assert.equal(unread.chars, text.length)
    assert.equal(unread.isBase64, false)
    assert.equal(unread.start, text.slice(0, limits.http.json.startChars))
    const spoilt = json.slice(0, -20) + '\n' + json.slice(-20)
    assert.throws(() => read(spoilt, limits.http.json.stepBytes), SyntaxError)
  })
})
