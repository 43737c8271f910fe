import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countPrompt, countText, piecesOf } from './tokens.ts'

test('ordinary text is counted as the tokenizer counts it', () => {
  const texts = ['', 'hello', 'Tell me a story.\n\nIn two parts.', '{"a":[1,2,3]}', '你好 🚀']
  for (const text of texts) assert.equal(countText(text), countTokens(text))
})

test('a special token in the text is text', () => {
  assert.ok(countText('<|endoftext|>') > 1)
})

test('long unbroken runs are counted in slices that never split a character', () => {
  assert.equal(countText('a'.repeat(1024)), 2 * countTokens('a'.repeat(512)))
  assert.equal(countText(`${'a'.repeat(600)} b`), countText('a'.repeat(600)) + countTokens(' b'))
  const rockets = `a${'🚀'.repeat(400)}`
  const pieces = piecesOf(rockets)
  assert.equal(pieces.map((piece) => piece.text).join(''), rockets)
})

test('pieces are whole characters, and together the text and its tokens', () => {
  const text = 'naïve 👩‍👩‍👧‍👦 你好，世界 🚀 and \uFFFD too'
  const pieces = piecesOf(text)
  assert.equal(pieces.map((piece) => piece.text).join(''), text)
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0)
  assert.equal(tokens, countText(text))
})

test('a prompt counts its messages, roles, texts, images and tools', () => {
  const tools = [{ type: 'function', function: { name: 'look_up', parameters: {} } }]
  const image = { type: 'image_url', image_url: { url: 'data:,' } }
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] },
    { role: 'assistant', content: null },
  ]
  const roles = countTokens('system') + countTokens('user') + countTokens('assistant')
  const texts = countTokens('Be brief.') + countTokens('What is it?')
  const expected = 3 + 9 + roles + texts + 85
  assert.equal(countPrompt(messages), expected)
  assert.equal(countPrompt(messages, tools), expected + countTokens(JSON.stringify(tools)))
})
