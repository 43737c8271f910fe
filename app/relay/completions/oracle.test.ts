import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'

const model = 'gpt-3.5-turbo-instruct'
let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

describe('what the upstream itself has counted for completions is charged, to the nano-dollar', () => {
  const cases: [name: string, prompt: unknown, more?: object][] = [
    ['of a prompt', 'Once upon a time'],
    ['of several', ['one', 'two words']],
    ['of tokens', [1, 2, 3]],
    ['of several answers', 'Once', { n: 2 }],
    ['of one that was cut short', 'Once [[repeat:90]]', { max_tokens: 20 }],
  ]
  for (const [name, prompt, more] of cases) {
    for (const stream of [false, true]) {
      test(`${name}, ${stream ? 'streamed' : 'plain'}`, async () => {
        const body = { model, prompt, max_tokens: 50, stream, ...more }
        const answer = await stage.ask({ path: 'completions', body })
        assert.equal(answer.status, 200, answer.text)
        const row = await stage.waitForCall(answer.headers['x-request-id'])
        const served = stage.servedFor(row)
        assert.deepEqual(
          [served.endpoint, row.outcome, row.source],
          ['completions', 'completed', 'upstream'],
        )
        assert.equal(row.cost, listPrice(model, served))
        assert.ok(row.cost > 0 && row.cost <= row.hold)
      })
    }
  }

  test('of the best of several, plain', async () => {
    const body = { model, prompt: 'Once', max_tokens: 50, n: 1, best_of: 3 }
    const answer = await stage.ask({ path: 'completions', body })
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.equal(row.cost, listPrice(model, stage.servedFor(row)))
  })
})
