import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setupI18n } from '@lingui/core'
import { newCode, readCode } from './code-text.ts'

const english = setupI18n({ locale: 'en', messages: { en: {} } })

describe('what somebody types', () => {
  const code = newCode()
  const whyOf = (text: unknown) => {
    const read = readCode(text)
    return read.state === 'no code' ? english._(read.why) : read.state
  }

  test('is the code in whatever way it is written', () => {
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/)
    const ways = [
      code.toLowerCase(),
      code.replaceAll('-', ''),
      ` ${code}\r\n`,
      code.replaceAll('-', ' \u2013 '),
      `\ufeff${code.split('').join('\u200b')}\u3000\u00a0`,
      code.replaceAll('0', 'o').replaceAll('1', 'l'),
      code.replaceAll('0', 'O').replaceAll('1', 'I'),
    ]
    const digests = [code, ...ways].map((way) => {
      const read = readCode(way)
      assert.equal(read.state, 'read', way)
      return read.state === 'read' ? read.digest.toString('hex') : ''
    })
    assert.equal(new Set(digests).size, 1)
  })

  test('is told in words where it is no code', () => {
    assert.match(whyOf('А' + code.slice(1)), /^“А” \(U\+0410\) is in no code, though it may look/)
    assert.match(whyOf('Ａ' + code.slice(1)), /U\+FF21/)
    assert.match(whyOf('𝟎' + code.slice(1)), /U\+1D7CE/)
    assert.match(whyOf('ı' + code.slice(1)), /U\+0131/)
    assert.match(whyOf('u' + code.slice(1)), /^There is no letter U in a code\. It may be a V\.$/)
    assert.match(whyOf(`${code}!`), /^There is no “!” in a code/)
    assert.match(whyOf(code.slice(1)), /has 28 letters and digits, .* this one has 27\.$/)
    assert.match(whyOf(`${code}${code}`), /this one has 56/)
    assert.match(whyOf(code.repeat(9)), /^This is longer than any code/)
    assert.match(whyOf(''), /^Type the code/)
    for (const none of [12_345, null, undefined, { code }, [code], new File([code], 'code')])
      assert.match(whyOf(none), /^A code is a text/)
    const slip = (code.startsWith('2') ? '3' : '2') + code.slice(1)
    const swapped = code.replace(/^(.)(.*?)((?!\1)[^-])/, '$3$2$1')
    for (const text of [slip, swapped]) assert.match(whyOf(text), /has a slip in it/, text)
  })
})
