import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { formatUsd, formatUsdDown, formatUsdShort, parseUsd } from './money.ts'

const nanos = fc.maxSafeInteger()

test('what is formatted parses back to the same amount, long and short', () => {
  fc.assert(
    fc.property(nanos, (amount) => {
      assert.equal(parseUsd(formatUsd(amount)), amount)
      assert.equal(parseUsd(formatUsdShort(amount)), amount)
    }),
  )
})

test('every amount has one long form: nine decimals, no needless zero in front', () => {
  const longForm = /^-?(0|[1-9]\d*)\.\d{9}$/
  fc.assert(fc.property(nanos, (amount) => assert.match(formatUsd(amount), longForm)))
})

test('dollars and nano-dollars are the same digits around the point', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
      assert.equal(BigInt(formatUsd(amount).replace('.', '')), amount)
      assert.equal(formatUsd(amount), formatUsd(String(amount)))
    }),
  )
})

test('amounts that floats get wrong are exact', () => {
  assert.equal(present(parseUsd('0.1')) + present(parseUsd('0.2')), parseUsd('0.3'))
  assert.equal(parseUsd('1.005'), 1_005_000_000)
  assert.equal(parseUsd('9007199.254740991'), Number.MAX_SAFE_INTEGER)
  assert.equal(formatUsd(-150), '-0.000000150')
  assert.equal(formatUsd('90071992547409930'), '90071992.547409930')
})

test('the short form keeps two decimals and drops only zeros', () => {
  const forms = [0, 150_000, 1_500_000_000, -10_000_000, 12_000_000_000, 1].map(formatUsdShort)
  assert.deepEqual(forms, ['0.00', '0.00015', '1.50', '-0.01', '12.00', '0.000000001'])
})

test('whole cents never say more than there is, keep the sign, and tell whether they are all', () => {
  fc.assert(
    fc.property(nanos, (amount) => {
      const { text, isExact } = formatUsdDown(amount)
      assert.match(text, /^-?\d+\.\d\d$/)
      const cents = BigInt(text.replace('.', '')) * 10_000_000n
      const left = BigInt(amount) - cents
      assert.ok(left >= 0n && left < 10_000_000n)
      assert.equal(isExact, left === 0n)
      assert.equal(text.startsWith('-'), amount < 0)
    }),
  )
  const forms = [110_619_234_567, -1, 9_999_999, -10_000_000, 0].map(formatUsdDown)
  assert.deepEqual(
    forms.map(({ text }) => text),
    ['110.61', '-0.01', '0.00', '-0.01', '0.00'],
  )
})

test('zero has no sign', () => {
  assert.ok(Object.is(parseUsd('-0.00'), 0))
  assert.equal(formatUsd(-0), '0.000000000')
})

test('what would need rounding, or is no plain amount, is refused', () => {
  const texts = ['', '.', '.5', '5.', '1e3', '0x10', '+1', ' 1', '1\n', '$1', '1,5', '--1', 'NaN']
  for (const text of [...texts, '0.0000000001', '9007199.254740992', '٣', '9'.repeat(400)]) {
    assert.equal(parseUsd(text), undefined, JSON.stringify(text))
  }
  for (const amount of [0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => formatUsd(amount), RangeError)
  }
})
