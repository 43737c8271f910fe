import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startDemoUpstream, type DemoUpstream } from './demo-upstream.server.ts'
import { tempers } from '../tempers.ts'

let moody: DemoUpstream
before(async () => (moody = await startDemoUpstream({ pace: 'fast', temper: 'moody' })))
after(() => moody.close())

const statusOf = async (content: string, stream = false) => {
  const answer = await fetch(`${moody.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${moody.apiKey}` },
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content }] }),
  })
  const text = await answer.text()
  return { status: answer.status, text }
}

test('a moody upstream answers every other call, and fails the others each in its way', async () => {
  // Silence is not waited for here: a message that asks for no wait goes before the mood.
  const seen = []
  for (const _ of tempers.moody.moods) seen.push(await statusOf('[[slow:0]] Hello', true))
  const answers = seen.filter((_, i) => i % 2 === 0)
  for (const { status, text } of answers) {
    assert.equal(status, 200)
    assert.match(text, /data: \[DONE\]/)
  }
  assert.deepEqual(
    seen.filter((_, i) => i % 2 === 1).map(({ status }) => status),
    [500, 200, 200, 429],
  )
  assert.match(seen[3]?.text ?? '', /^data: \{"error"/)
})

test('of two or three, one at least always answers', () => {
  const two: readonly { moods: readonly string[] }[] = Object.values(tempers).slice(0, 2)
  for (const { moods } of two) {
    assert.ok(moods.every((mood) => mood === '' || mood.startsWith('[[slow:')))
  }
})
