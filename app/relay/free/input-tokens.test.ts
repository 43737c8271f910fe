import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'

let stage: Stage
before(async () => {
  stage = await startStage({ balanceNanos: 0 })
})
after(() => stage.stop())

const path = 'responses/input_tokens'

test('the tokens of a request are counted for nothing, also for whoever has no money', async () => {
  const tools = [{ type: 'function', name: 'f' }]
  const answer = await stage.ask({ path, body: { model: 'gpt-5', input: 'one two', tools } })
  assert.equal(answer.status, 200, answer.text)
  const { input_tokens: tokens } = JSON.parse(answer.text) as { input_tokens: number }
  assert.ok(tokens > 2)
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.hold, row.cost], ['completed', 0, 0])
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})

test('what is kept elsewhere, and what would be generated, is refused by its name', async () => {
  for (const more of [{ previous_response_id: 'r' }, { conversation: 'c' }, { stream: true }]) {
    const answer = await stage.ask({ path, body: { model: 'gpt-5', input: 'a', ...more } })
    assert.deepEqual([answer.status, errorIn(answer).param], [400, Object.keys(more)[0]])
  }
})

test('a file or an item by its id is refused, however it is written', async () => {
  const file = { type: 'input_file', file_id: 'file-1' }
  const inputs = {
    file_id: [{ role: 'user', content: [file] }],
    item_reference: [{ type: 'item_reference', id: 'msg_1' }],
  }
  for (const [param, input] of [...Object.entries(inputs), ['item_reference', [{ id: 'msg_1' }]]]) {
    const answer = await stage.ask({ path, body: { model: 'gpt-5', input } })
    assert.deepEqual([answer.status, errorIn(answer).param], [400, param], answer.text)
  }
})
