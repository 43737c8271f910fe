import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonOf, JsonObject, Numeral, readJson } from './json-text.ts'
import { Unreadable, wholeOf } from './numerals.ts'

const perMillion = { zeros: 9 }
const perPiece = { zeros: 15 }
const whole = (text: string, scale: { zeros: number; over?: bigint } = perMillion) =>
  wholeOf(new Numeral(text), scale)

test('decimals are whole nano-dollars to the last digit, however they are written', () => {
  const parts = fc.record({
    digits: fc.bigInt({ min: 0n, max: 999_999_999n }),
    point: fc.integer({ min: 0, max: 9 }),
    exponent: fc.integer({ min: -6, max: 3 }),
  })
  fc.assert(
    fc.property(parts, ({ digits, point, exponent }) => {
      const padded = String(digits).padStart(point + 1, '0')
      const [before, behind] = [padded.slice(0, padded.length - point), padded.slice(-point)]
      const text = `${before}${point ? `.${behind}` : ''}e${exponent}`
      // What it is, times 10 to the power of 18, by whole numbers alone.
      const exact = digits * 10n ** BigInt(18 + exponent - point)
      const isWhole = exact % 10n ** 9n === 0n
      const nanos = exact / 10n ** 9n
      if (isWhole && nanos <= 10n ** 15n) assert.equal(BigInt(whole(text)), nanos)
      else assert.throws(() => whole(text), Unreadable)
    }),
    { numRuns: 2_000 },
  )
})

test('what programs write of a price is read as it was written', () => {
  assert.equal(whole('1.5e-07', perPiece), 150_000_000)
  assert.equal(whole('1.49999999999999e-07', { zeros: 21 }), 149_999_999_999_999)
  assert.equal(whole('0.1') + whole('0.2'), whole('0.3'))
  assert.equal(whole('0.36', { zeros: 15, over: 3_600n }), 100_000_000_000)
  assert.throws(() => whole('0.67', { zeros: 15, over: 3_600n }), /whole nano-dollars/)
  assert.equal(whole('0e999999999'), 0)
  assert.equal(whole('-0.0'), 0)
})

test('what is no price is refused at once, whatever its size', () => {
  const wrong = ['NaN', 'Infinity', '-1', '1e400', '1e-400', '9e999999999999', '1000001', '']
  for (const text of [...wrong, '1'.repeat(1_000_000), `0.${'0'.repeat(1_000_000)}1`])
    assert.throws(() => whole(text), Unreadable, text.slice(0, 40))
})

test('JSON is read as JSON.parse reads it, its numbers as text', () => {
  const plain = (json: unknown): unknown => {
    if (json instanceof Numeral) return Number(json.text)
    if (Array.isArray(json)) return json.map(plain)
    if (!(json instanceof JsonObject)) return json
    const members = [...json.members].map(([name, value]) => [name, plain(value)] as const)
    return Object.fromEntries(members)
  }
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2), (value, space) => {
      const text = JSON.stringify(value, null, space)
      assert.deepEqual(plain(readJson(text)), JSON.parse(text))
      assert.deepEqual(plain(jsonOf(JSON.parse(text))), JSON.parse(text))
    }),
  )
})

test('what stands twice is kept in mind, and names of prototypes are names', () => {
  const json = readJson('{"a": 1, "__proto__": 2, "a": 3, "constructor": 4}')
  assert.ok(json instanceof JsonObject)
  assert.deepEqual([...json.members.keys()], ['a', '__proto__', 'constructor'])
  assert.deepEqual([...json.twice], ['a'])
})

test('what is no JSON is refused with its place', () => {
  const wrong: [text: string, why: RegExp][] = [
    ['{"a": 01}', /line 1, column 7: no value/],
    ['[1,\n 2,\n x]', /line 3, column 2: no value/],
    ['{"a" 1}', /":" is missing/],
    ['[1 2]', /"," or "\]" is missing/],
    ['"\n"', /not one of JSON/],
    ['"a\\"', /without an end/],
    ['1 1', /behind the end/],
    ['{a: 1}', /name of a member/],
    ['+1', /no value/],
    ['.5', /no value/],
    ['1.', /no value/],
  ]
  for (const [text, why] of wrong) assert.throws(() => readJson(text), why, text)
})
