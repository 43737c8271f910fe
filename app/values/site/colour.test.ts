import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast, formatColour, mixed, parseColour } from './colour.ts'

test('contrast is that of WCAG, and a colour is what it was written as', () => {
  const [black, white, grey] = ['#000000', '#ffffff', '#767676'].map((text) => parseColour(text)!)
  assert.equal(contrast(black!, white!).toFixed(2), '21.00')
  assert.equal(contrast(grey!, white!).toFixed(2), '4.54')
  assert.equal(formatColour(mixed(black!, white!, 0.5)), '#808080')
  for (const text of ['red', '#fff', '#12345g', '#1234567', ''])
    assert.equal(parseColour(text), undefined)
})
