import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { startStage, type Stage } from '../../../test/stage.ts'
import { publishedPrice } from '../../../test/upstreams/published-price.ts'

const model = 'claude-sonnet-4-6'
let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

async function called(content: string, stream: boolean) {
  const messages = [{ role: 'user', content }]
  const body = { model, max_tokens: 1_000, messages, stream }
  const answer = await stage.ask({ path: 'messages', body })
  return { answer, row: await stage.waitForCall(answer.headers['x-request-id']) }
}

describe('what the upstream itself has counted is charged, to the nano-dollar', () => {
  const long = 'words that are worth keeping '.repeat(40)
  const cases: Record<string, string> = {
    'of what was written for an hour': `${long} [[cache-write-1h:40]]`,
    'of a talk that was compacted': `${long} [[compaction:100]]`,
  }
  for (const [name, content] of Object.entries(cases))
    for (const stream of [false, true])
      test(`${name}, ${stream ? 'streamed' : 'plain'}`, async () => {
        const { answer, row } = await called(content, stream)
        assert.equal(answer.status, 200, answer.text)
        assert.deepEqual([row.outcome, row.source], ['completed', 'upstream'])
        assert.equal(row.cost, publishedPrice(model, stage.servedFor(row)))
      })
})

const faults = [
  '[[end-at-byte:700]]',
  '[[reset-at-byte:700]]',
  '[[error-event:3]] [[blames-client]]',
]
for (const fault of faults)
  test(`a stream with ${fault} ends in an error and costs nothing`, async () => {
    const { answer, row } = await called(`hello ${fault}`, true)
    assert.match(answer.text, /event: error\ndata: [^\n]*"type":"error"[^\n]*\n\n$/)
    assert.deepEqual([row.outcome, row.cost], ['failed', 0])
  })
