import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import OpenAI from 'openai'
import { countText } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import type { CallRow } from '../../../test/calls.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream, textIn } from '../../../test/wire.ts'
import { announceRevocation, revokeKey } from '../../keys/keys.server.ts'

let stage: Stage
/** One whose upstream speaks at a pace, so that what is on its way is little. */
let paced: Stage
before(async () => {
  stage = await startStage()
  paced = await startStage({ pace: { firstByteMs: 1, eventMs: 2 } })
})
afterEach(async () => {
  for (const each of [stage, paced]) {
    await each.expectNothingHeld()
    await each.expectCleanBooks()
    await eventually('the upstream is left alone', () => each.upstream.openRequests() === 0)
  }
})
after(async () => {
  await stage.stop()
  await paced.stop()
})

const model = 'gpt-5.6-sol'
const near = (counted: number, truth: number) =>
  assert.ok(Math.abs(counted - truth) <= truth * 0.05, `${counted} is not near ${truth}`)

/** Charged for what was counted as delivered: no less than the client has, no more than was sent. */
function expectCounted(at: Stage, row: CallRow, received: number) {
  const served = at.servedFor(row)
  assert.deepEqual([row.outcome, row.status], ['disconnected', 499])
  assert.equal(row.error, 'client_closed_request')
  assert.ok(received <= row.output && row.output <= served.deliveredTokens)
  const counted = { ...served, promptTokens: row.input, completionTokens: row.output }
  assert.equal(row.cost, listPrice(model, counted))
  return served
}

describe('a client that leaves in the middle of a stream', () => {
  test('ends it at the upstream, and pays for what was delivered', async () => {
    const stream = await paced.openai().chat.completions.create({
      model,
      messages: [{ role: 'user', content: '[[endless]]' }],
      stream: true,
    })
    let said = ''
    for await (const { choices } of stream) {
      said += choices[0]?.delta.content ?? ''
      if (said.length > 1_500) stream.controller.abort()
    }
    const row = await paced.lastCall()
    const served = expectCounted(paced, row, countText(said))
    near(row.output, served.deliveredTokens)
    near(row.input, served.promptTokens)
    near(row.output, countText(said))
    assert.equal(served.outcome, 'aborted-by-client')
    assert.equal(row.source, 'counted')
  })

  test('at any of its first events, pays for those', async () => {
    const leave = async (events: number) => {
      const answer = await paced.ask({
        say: '[[endless]]',
        body: { model, stream: true },
        onPiece: (all) => (eventsOf(all.toString()).length >= events ? 'leave' : undefined),
      })
      const row = await paced.waitForCall(answer.headers['x-request-id'])
      if (row.output === 0) return assert.deepEqual([row.cost, row.source], [0, 'none'])
      expectCounted(paced, row, countText(textIn(answer)))
    }
    await Promise.all([1, 2, 3, 5, 8, 13, 21, 34].map(leave))
  })

  test('before anything came pays nothing', async () => {
    for (const say of ['[[slow:60000]]', '[[slow-first:60000]]']) {
      const client = stage.openai({ timeout: 200 })
      const messages = [{ role: 'user' as const, content: say }]
      await assert.rejects(
        client.chat.completions.create({ model, messages, stream: true }),
        OpenAI.APIConnectionTimeoutError,
      )
      await eventually('the upstream is left alone', () => stage.upstream.openRequests() === 0)
      const row = await stage.lastCall()
      assert.deepEqual([row.outcome, row.cost, row.output], ['disconnected', 0, 0])
    }
  })

  test('after its [DONE] has had a whole answer', async () => {
    const answer = await stage.ask({
      say: '[[repeat:2000]]',
      body: { model, stream: true },
      onPiece: (all) => (all.includes('[DONE]') ? 'leave' : undefined),
    })
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.source, row.output], ['completed', 'upstream', 2_000])
  })

  test('at any moment, among many others, leaves clean books and nothing open', async () => {
    const many = await stage.newCustomer()
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        stage.ask({
          customer: many,
          say: i % 2 ? '[[repeat:4000]]' : '[[endless]]',
          body: { model, stream: true },
          onPiece: (all) => (all.length > i * 20_000 ? 'leave' : undefined),
        }),
      ),
    )
    await stage.expectNothingHeld()
    const calls = await stage.callsOf(many)
    assert.equal(calls.length, 40)
    for (const row of calls) {
      assert.ok(['disconnected', 'completed'].includes(row.outcome), JSON.stringify(row))
      if (row.outcome === 'completed') assert.equal(row.output, 4_000)
      else if (row.upstreamId) expectCounted(stage, row, 0)
    }
    assert.ok(calls.filter(({ outcome }) => outcome === 'disconnected').length >= 20)
  })
})

test('a client that leaves a plain call pays for it when it ends', async () => {
  const answer = stage.ask({
    say: '[[slow:400]]',
    body: { model },
    headers: { connection: 'close' },
  })
  await eventually('it is under way', () => stage.upstream.openRequests() === 1)
  const leaver = stage.openai({ timeout: 50 })
  const messages = [{ role: 'user' as const, content: '[[slow:400]] [[repeat:70]]' }]
  await assert.rejects(leaver.chat.completions.create({ model, messages }))
  await answer
  await stage.expectNothingHeld()
  const rows = await stage.callsOf(stage.customer)
  const row = rows.find(({ output }) => output === 70)!
  assert.deepEqual([row.outcome, row.status, row.source], ['disconnected', 499, 'upstream'])
  assert.equal(row.cost, listPrice(model, stage.servedFor(row)))
})

describe('a key that is revoked', () => {
  test('has its streams ended with an error, and they are charged what they delivered', async () => {
    const customer = await paced.newCustomer()
    const { db, redis, inFlight } = paced.relay.services
    const streams = [1, 2, 3].map(() =>
      paced.ask({ customer, say: '[[endless]]', body: { model, stream: true } }),
    )
    await eventually('three streams speak', () => {
      const speaking = paced.upstream.served().filter(({ outcome }) => outcome === 'open')
      return speaking.length === 3 && speaking.every((it) => it.deliveredEvents > 20)
    })
    assert.ok(await revokeKey(db, customer.accountId, customer.keyId))
    await announceRevocation(redis, customer.keyId)
    for (const answer of await Promise.all(streams)) {
      const error = endOfStream(answer)
      assert.ok(error !== 'done' && error.code === 'invalid_api_key')
      const row = await paced.waitForCall(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.error], ['revoked', 'invalid_api_key'])
      assert.equal(row.output, countText(textIn(answer)))
      // What was on its way between the two when the stream was cut is nobody's charge.
      const sent = paced.servedFor(row).deliveredTokens
      assert.ok(row.output <= sent + 1, `${row.output} of ${sent}`)
    }
    assert.deepEqual(inFlight.keyIds(), [])
  })
})
