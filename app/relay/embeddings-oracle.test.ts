import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { listPrice, startStage, type Stage } from '../../test/stage.ts'

const model = 'text-embedding-3-small'
let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

describe('what the upstream itself has read for embeddings is charged, to the nano-dollar', () => {
  const cases: [name: string, input: unknown, more?: object][] = [
    ['of a text', 'a text to be found again'],
    ['of several', ['one', 'two words', 'три слова здесь']],
    ['of tokens', [1, 2, 3]],
    ['of lists of them', [[1, 2, 3], [4]]],
    ['in base64', 'a text to be found again', { encoding_format: 'base64' }],
    ['of a few dimensions', 'a text to be found again', { dimensions: 8 }],
  ]
  for (const [name, input, more] of cases) {
    test(name, async () => {
      const answer = await stage.ask({ path: 'embeddings', body: { model, input, ...more } })
      assert.equal(answer.status, 200, answer.text)
      const row = await stage.waitForCall(answer.headers['x-request-id'])
      const served = stage.servedFor(row)
      assert.deepEqual(
        [served.endpoint, row.outcome, row.source, row.input, row.output],
        ['embeddings', 'completed', 'upstream', served.promptTokens, 0],
      )
      assert.equal(row.cost, listPrice(model, served))
      assert.ok(row.cost > 0 && row.cost <= row.hold)
    })
  }
})
