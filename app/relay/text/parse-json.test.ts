import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { scanObject } from './json-members.ts'
import type { Span } from './long-strings.ts'
import { parseJson, putBack } from './parse-json.ts'
import { atOnce, type Steps } from './steps.ts'

/** Every string in JSON, as a scan would find those that are long. */
function stringsIn(json: Buffer): Span[] {
  const found = json.toString('latin1').matchAll(/"(?:[^"\\]|\\[^])*(?:"|$)/g)
  return [...found].map(({ 0: all, index }) => ({ from: index, to: index + all.length }))
}
/** All of it, what is not read as a rule included. */
function* wholeOf(json: Buffer, long: readonly Span[], stepBytes?: number): Steps<unknown> {
  return yield* putBack(yield* parseJson(json, long, stepBytes), json)
}
const outcomeOf = (read: () => unknown) => {
  try {
    return { value: read() }
  } catch (error) {
    assert.ok(error instanceof SyntaxError)
    return 'refused'
  }
}

const hex = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
/** JSON with strings of all kinds of characters, some of them by number. */
const json = fc
  .tuple(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), fc.nat(4))
  .map(([value, seed]) => {
    const text = JSON.stringify(value)
    return seed ? text : text.replace(/[^\0-\x7f]/g, hex)
  })

describe('JSON whose long strings are read by themselves', () => {
  test('is what JSON.parse makes of it, wherever the strings are cut', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 12, max: 24 }), (text, stepBytes) => {
        const bytes = Buffer.from(text)
        const parsed = atOnce(wholeOf(bytes, stringsIn(bytes), stepBytes))
        assert.deepEqual(parsed, JSON.parse(bytes.toString('utf8')))
      }),
    )
  })

  test('is refused where JSON.parse refuses it', () => {
    const spoilt = fc.tuple(json, fc.nat(), fc.constantFrom('\\', '"', '\n', '\\u12', '\\x', ''))
    fc.assert(
      fc.property(spoilt, ([text, seed, spoil]) => {
        const at = seed % (text.length + 1)
        const bytes = Buffer.from(text.slice(0, at) + spoil + text.slice(at + 1))
        assert.deepEqual(
          outcomeOf(() => atOnce(wholeOf(bytes, stringsIn(bytes), 12))),
          outcomeOf(() => JSON.parse(bytes.toString('utf8')) as unknown),
        )
      }),
    )
  })

  test('of a body with every kind of long string is the same, in steps', () => {
    const { longBytesLeast, stepBytes } = limits.http.json
    const strings = ['x', 'é', '漢', '🚀', '\\', '"', '\n', 'a\\"b', '\u0001', '\ud800'].flatMap(
      (unit) => [longBytesLeast, stepBytes + 1].map((length) => unit.repeat(length)),
    )
    const body = { model: 'm', messages: strings.map((content) => ({ role: 'user', content })) }
    const raw = Buffer.from(JSON.stringify(body))
    const { long } = scanObject(raw, limits.http.json)
    assert.equal(long.length, strings.length)
    const steps = wholeOf(raw, long)
    let yields = 0
    let step = steps.next()
    for (; !step.done; step = steps.next()) yields++
    assert.deepEqual(step.value, body)
    assert.ok(yields >= raw.length / stepBytes - 1, `${yields} yields`)
  })

  test('may have members with names that long, each once or not', () => {
    const [a, b] = ['x'.repeat(5_000), 'é'.repeat(5_000)]
    const text = `{"a":{"${a}":1,"b":"${b}","${b}":["${a}"],"${a}":{"c":2}}}`
    const { long } = scanObject(Buffer.from(text), limits.http.json)
    assert.equal(long.length, 5)
    assert.deepEqual(atOnce(wholeOf(Buffer.from(text), long)), JSON.parse(text))
  })

  test('has a member of any name, and no string that does not end', () => {
    const named = Buffer.from('{"__proto__":{"a":"b"},"constructor":"c"}')
    const parsed = atOnce(wholeOf(named, stringsIn(named))) as Record<string, unknown>
    assert.deepEqual(Object.keys(parsed).toSorted(), ['__proto__', 'constructor'])
    assert.equal(Object.getPrototypeOf(parsed), Object.prototype)
    for (const text of ['"', '{"a":"', '["\\"', '"x\\']) {
      const bytes = Buffer.from(text)
      assert.throws(() => atOnce(wholeOf(bytes, stringsIn(bytes))), SyntaxError, text)
    }
  })

  test('is not changed by what stands for a string, whoever writes it', () => {
    const text = JSON.stringify({ a: 'x'.repeat(5_000), b: ' 0', __proto__x: ['y'.repeat(5_000)] })
    const raw = Buffer.from(text.replace('__proto__x', '__proto__'))
    const { long } = scanObject(raw, limits.http.json)
    const parsed = atOnce(wholeOf(raw, long)) as Record<string, unknown>
    assert.equal(JSON.stringify(parsed), raw.toString())
    assert.ok(Object.hasOwn(parsed, '__proto__'))
  })

  test('of a body with very many short strings is the same, in steps', () => {
    const { stepBytes, bytesAValue } = limits.http.json
    const part = { type: 'text', text: 'It is short, "quoted" and é. '.repeat(9) }
    const body = {
      n: [1, -2.5e3, true, null, [], {}],
      messages: Array(9_000).fill(part) as object[],
    }
    const raw = Buffer.from(JSON.stringify(body, null, 1))
    assert.deepEqual(scanObject(raw, limits.http.json).long, [])
    const steps = wholeOf(raw, [])
    let yields = 0
    let step = steps.next()
    for (; !step.done; step = steps.next()) yields++
    assert.deepEqual(step.value, body)
    assert.ok(yields >= (raw.length + 9_000 * bytesAValue) / stepBytes - 1, `${yields} yields`)
  })
})
