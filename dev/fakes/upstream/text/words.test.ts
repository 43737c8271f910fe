import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countText } from './tokens.ts'
import { seedOf, speak, speakBytes } from './words.ts'

test('an answer cut anywhere has exactly as many tokens as were sent', () => {
  for (let seed = 0; seed < 112; seed += 1) {
    let text = ''
    for (const [index, piece] of speak(seed, 150).entries()) {
      text += piece.text
      assert.equal(piece.tokens, 1, piece.text)
      assert.equal(countText(text), index + 1, text)
    }
  }
})

test('an answer of no given length has 40 to 60 tokens', () => {
  for (let seed = 0; seed < 112; seed += 1) {
    const { length } = speak(seed)
    assert.ok(length >= 40 && length <= 60, `${seed}: ${length}`)
  }
})

test('a text of so many bytes has them, and the tokens it says', () => {
  for (const bytes of [3, 18, 19, 20, 37, 1000, 65_537]) {
    const { text, tokens } = speakBytes(bytes)
    assert.equal(Buffer.byteLength(text), bytes)
    assert.equal(countText(text), tokens)
  }
})

test('a seed depends on the text alone', () => {
  assert.equal(seedOf('hello'), seedOf('hello'))
  assert.notEqual(seedOf('hello'), seedOf('hello!'))
})
