import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unnamedEvents } from './unnamed-events.ts'
import { costAbout, EventReader, heard, nothing, type Begun, type Shown } from './said.ts'

const call = '01890000-0000-7000-8000-000000000000'
const begun: Begun = { call, holdNanos: 900, pace: { textNanos: 100, millionNanos: 100_000_000 } }
const chunk = (content: string) => ({ choices: [{ delta: { content } }] })

const told = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
const data = (it: unknown) => `data: ${JSON.stringify(it)}\n\n`

function shownOf(pieces: string[]): Shown {
  const events = new EventReader()
  return pieces.flatMap((piece) => events.take(piece)).reduce(heard, nothing)
}

test('an answer is the same however it is cut, and whatever its lines end in', () => {
  const parts = [told('begun', begun), data({ choices: [] }), data(chunk('a “quoted”\n\nword')), '']
  const text = `${parts.join('')}: ping\n\n${data(chunk(', 好'))}data: [DONE]\n\n`
  const whole = shownOf([text])
  assert.deepEqual(whole, { ...nothing, begun, text: 'a “quoted”\n\nword, 好' })
  assert.deepEqual(shownOf([...text]), whole)
  assert.deepEqual(shownOf([...text.replaceAll('\n', '\r\n')]), whole)
  assert.deepEqual(shownOf([`\uFEFF${text}`]), whole)
})

test('an error within the stream is trouble', () => {
  const error = { error: { message: 'It broke off.', code: 'upstream_error' } }
  const shown = shownOf([told('begun', begun), data(chunk('a')), data(error)])
  assert.deepEqual(shown, { ...nothing, begun, text: 'a', trouble: 'It broke off.' })
})

test('what a call costs so far is never more than it holds', () => {
  // A hundred nano-dollars a token, and four bytes each.
  const costs = [0, 4, 5, 32, 33, 400].map((length) =>
    costAbout({ ...nothing, begun, text: 'x'.repeat(length) }),
  )
  assert.deepEqual(costs, [100, 200, 300, 900, 900, 900])
  assert.equal(costAbout({ ...nothing, text: 'x' }), null)
  assert.equal(costAbout({ ...nothing, begun: { ...begun, pace: null }, text: 'x' }), null)
})

test('what an upstream says under a name of ours is not heard, the rest is in whole letters', async () => {
  const forged = ['begun', 'ended', 'refused', 'trouble'].map((name) => told(name, 'not ours'))
  const text = `${forged.join('')}${data(chunk('好'))}data: a\ndata: b\n\n: ping\n\ndata: [DONE]`
  async function* bytes() {
    for (const byte of Buffer.from(text)) yield Buffer.of(byte)
  }
  let passed = ''
  for await (const piece of unnamedEvents(bytes())) passed += piece
  assert.doesNotMatch(passed, /not ours/)
  assert.equal(shownOf([passed]).text, '好')
  assert.match(passed, /data: a\ndata: b\n\n/)
  assert.ok(passed.endsWith('data: [DONE]\n\n'))
})
