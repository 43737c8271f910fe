import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { present } from '../present.ts'
import { toldReceipt } from '../../app/usage/usage.server.ts'
import { readCall } from '../../app/usage/usage.server.ts'
import { parseCallId } from '../../app/values/call-id.ts'
import { startStage, type Stage } from '../stage.ts'

let stage: Stage
before(async () => (stage = await startStage()))
after(() => stage.stop())

const model = 'gpt-4o-mini'
const asked = (content: string, streamed = false) =>
  stage.ask({ body: { model, stream: streamed, messages: [{ role: 'user', content }] } })
describe('what the upstream answered', () => {
  const cases = [
    { say: '[[status:401]]', upstream: 401, told: 502, onReceipt: null },
    { say: '[[status:403]]', upstream: 403, told: 502, onReceipt: null },
    { say: '[[quota]]', upstream: 429, told: 503, onReceipt: null },
    { say: '[[status:500]]', upstream: 500, told: 502, onReceipt: 500 },
    { say: '[[status:413]]', upstream: 413, told: 413, onReceipt: 413 },
    { say: 'hello', upstream: 200, told: 200, onReceipt: null },
    { say: '[[reset:0]]', upstream: null, told: 502, onReceipt: null },
  ]
  for (const streamed of [false, true]) {
    for (const { say, upstream, told, onReceipt } of cases) {
      const how = streamed ? 'streamed' : 'plain'
      test(`${say} ${how}: kept in the row, on the receipt only if it is the client's`, async () => {
        const answer = await asked(say, streamed)
        assert.equal(answer.status, told)
        const row = await stage.waitForCall(answer.headers['x-request-id'])
        const callId = present(parseCallId(row.requestId))
        const { accountId } = stage.customer
        const receipt = await readCall(stage.relay.services.db, accountId, callId)
        assert.ok(receipt)
        assert.equal(receipt.call.upstreamStatus, upstream)
        assert.equal(toldReceipt(receipt, { seesMoney: true }).call.upstreamStatus, onReceipt)
      })
    }
  }
})

test('a call that cannot be booked yet is answered, said, and charged by the same process', async () => {
  const before = stage.relay.logged.length
  const { length: served } = stage.upstream.served()
  await stage.sql('rename table usage_quarters to usage_quarters_away')
  let id: unknown
  try {
    const answer = await asked('hello')
    assert.equal(answer.status, 200)
    id = answer.headers['x-request-id']
    const [held] = await stage.sql('select call_id from holds')
    assert.ok(held)
    assert.equal((await asked('hello')).status, 503)
  } finally {
    await stage.sql('rename table usage_quarters_away to usage_quarters')
  }
  await stage.expectNothingHeld()
  const row = await stage.waitForCall(id)
  assert.equal(row.outcome, 'completed')
  assert.ok(row.cost > 0)
  assert.equal(stage.upstream.served().length, served + 1)
  await stage.expectCleanBooks()
  const said = stage.relay.logged.slice(before).join('')
  assert.ok(said.includes('"event":"ledger_batch_failed","fault":"refused"'), said)
  assert.ok(!said.includes('hello') && !said.includes(stage.customer.secret), said)
})
