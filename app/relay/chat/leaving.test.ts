import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import OpenAI from 'openai'
import { countText } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import type { CallRow } from '../../../test/calls.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream, textIn } from '../../../test/wire.ts'
import { limits } from '../../config/limits.ts'
import { announceRevocation, revokeKey } from '../../keys/keys.server.ts'

let stage: Stage
/** One whose upstream speaks at a pace, so that what is on its way is little. */
let paced: Stage
/** One that reads on for a second and no longer. */
let brief: Stage
before(async () => {
  stage = await startStage()
  paced = await startStage({ pace: { firstByteMs: 1, eventMs: 2 } })
  brief = await startStage({ env: { OPENAI_READ_ON_SECONDS: '1' } })
})
afterEach(async () => {
  for (const each of [stage, paced, brief]) {
    await each.expectNothingHeld()
    await each.expectCleanBooks()
    await eventually('the upstream is left alone', () => each.upstream.openRequests() === 0)
  }
})
after(async () => {
  await stage.stop()
  await paced.stop()
  await brief.stop()
})

/** It does not think: what it has said is all that it has cost. */
const model = 'gpt-4.1'
const thinker = 'gpt-5.6-sol'
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

describe('a client that leaves in the middle of a stream of a model that does not reason', () => {
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
      // The first event carries the role and no word, and says that the input was read.
      expectCounted(paced, row, countText(textIn(answer)))
      near(row.input, paced.servedFor(row).promptTokens)
    }
    await Promise.all([1, 2, 3, 5, 8, 13, 21, 34].map(leave))
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

/** Asks for a stream, and leaves before any of it came. */
async function leaveBeforeTheFirstEvent(at: Stage, say: string, by = model) {
  const customer = await at.newCustomer()
  const client = at.openai({ customer, timeout: 200 })
  const messages = [{ role: 'user' as const, content: say }]
  const asked = client.chat.completions.create({ model: by, messages, stream: true })
  await assert.rejects(asked, OpenAI.APIConnectionTimeoutError)
  return at.lastCall(customer)
}

describe('a client that leaves before the first event of a stream', () => {
  for (const wait of ['slow', 'slow-first']) {
    test(`pays by the usage, when the upstream has spoken on: ${wait}`, async () => {
      const row = await leaveBeforeTheFirstEvent(stage, `[[${wait}:500]] [[repeat:70]]`)
      assert.deepEqual([row.outcome, row.status, row.source], ['disconnected', 499, 'upstream'])
      assert.equal(row.output, 70)
      assert.equal(row.cost, listPrice(model, stage.servedFor(row)))
      assert.equal(stage.servedFor(row).outcome, 'completed')
    })
  }

  test('pays for what came, where no usage did', async () => {
    const row = await leaveBeforeTheFirstEvent(stage, '[[slow:500]] [[no-usage]] [[repeat:70]]')
    assert.deepEqual([row.outcome, row.source, row.output], ['disconnected', 'counted', 70])
  })

  test('pays for what came in the time that is read on', async () => {
    const row = await leaveBeforeTheFirstEvent(brief, '[[slow:500]] [[stall:41]] [[repeat:70]]')
    assert.deepEqual([row.outcome, row.source, row.output], ['disconnected', 'counted', 40])
    assert.equal(brief.servedFor(row).outcome, 'aborted-by-client')
  })

  test('pays nothing where nothing came, which is noted', async () => {
    for (const by of [model, thinker]) {
      for (const say of ['[[slow:60000]]', '[[slow-first:60000]]']) {
        const row = await leaveBeforeTheFirstEvent(brief, say, by)
        assert.deepEqual([row.outcome, row.status], ['disconnected', 499])
        assert.deepEqual([row.cost, row.input, row.output, row.source], [0, 0, 0, 'none'])
        assert.ok(row.waived > 0)
        const logged = brief.relay.logged.filter((line) => line.includes('"event":"waived"'))
        assert.ok(logged.some((line) => line.includes(row.requestId)))
      }
    }
  })

  test('pays nothing where the upstream refuses after that', async () => {
    for (const status of [400, 401, 500]) {
      const row = await leaveBeforeTheFirstEvent(stage, `[[slow:500]] [[status:${status}]]`)
      assert.deepEqual([row.cost, row.source, row.waived], [0, 'none', 0])
    }
  })
})

describe('a client that leaves a model that reasons', () => {
  const leaveAt = (at: Stage, events: number, say: string) =>
    at.ask({
      say,
      body: { model: thinker, stream: true },
      onPiece: (all) => (eventsOf(all.toString()).length >= events ? 'leave' : undefined),
    })
  // The pause comes halfway: half of the words are there then, and the usage is not.
  const thought = '[[reasoning:9000]] [[repeat:5]] [[pause:500]]'

  test('pays for what it has thought, whenever it leaves', async () => {
    for (const events of [1, 2, 4]) {
      const answer = await leaveAt(stage, events, thought)
      const row = await stage.waitForCall(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.status, row.source], ['disconnected', 499, 'upstream'])
      assert.deepEqual([row.output, row.reasoning], [9_005, 9_000])
      assert.equal(row.cost, listPrice(thinker, stage.servedFor(row)))
    }
  })

  test('pays so too where the catalogue does not say that it reasons, but it is asked to', async () => {
    for (const asks of [
      { reasoning_effort: 'high' },
      { include_reasoning: true },
      { reasoning: { max_tokens: 500 } },
    ]) {
      const answer = await stage.ask({
        say: '[[reasoning:9000]] [[repeat:8]] [[pause:500]]',
        body: { model, stream: true, ...asks },
        onPiece: (all) => (eventsOf(all.toString()).length >= 2 ? 'leave' : undefined),
      })
      const row = await stage.waitForCall(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.source], ['disconnected', 'upstream'])
      assert.deepEqual([row.output, row.reasoning], [9_008, 9_000])
      assert.equal(row.cost, listPrice(model, stage.servedFor(row)))
    }
  })

  test('pays for what came, where its usage takes too long', async () => {
    const answer = await leaveAt(brief, 3, '[[reasoning:9000]] [[stall:21]] [[repeat:30]]')
    const row = await brief.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.source, row.output], ['disconnected', 'counted', 20])
    assert.equal(brief.servedFor(row).outcome, 'aborted-by-client')
  })

  test('has its stream ended at once where there is no place to read it on', async () => {
    const { readOns } = stage.relay.services
    const customer = await stage.newCustomer()
    const places = Array.from({ length: limits.readOns.anAccountMax }, () =>
      readOns.take(customer.accountId),
    )
    assert.ok(places.every(Boolean))
    const leaving = stage.openai({ customer, timeout: 200 }).chat.completions
    // An account that has no place left is not let in at all, so this one has to be in before.
    for (const giveBack of places.splice(0, 1)) giveBack!()
    const messages = [{ role: 'user' as const, content: '[[slow:60000]]' }]
    const asked = leaving.create({ model: thinker, messages, stream: true })
    await eventually('it is under way', () => stage.upstream.openRequests() === 1)
    places.push(readOns.take(customer.accountId))
    await assert.rejects(asked, OpenAI.APIConnectionTimeoutError)
    await eventually('the upstream is left alone', () => stage.upstream.openRequests() === 0)
    const row = await stage.lastCall(customer)
    assert.deepEqual([row.outcome, row.cost], ['disconnected', 0])

    const served = stage.upstream.served().length
    const next = stage.ask({ customer, say: 'may I?', body: { model } })
    await stage.ask({ say: 'others may', body: { model } })
    assert.equal(stage.upstream.served().length, served + 1, 'the account’s next call waits')
    for (const giveBack of places) giveBack!()
    assert.equal((await next).status, 200)
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

  test('is told at once, and pays for what a model has thought', async () => {
    const customer = await stage.newCustomer()
    const { db, redis, inFlight, readOns } = stage.relay.services
    const say = '[[reasoning:9000]] [[repeat:5]] [[pause:1500]]'
    let isSpoken = false
    const asked = stage.ask({
      customer,
      say,
      body: { model: thinker, stream: true },
      onPiece: () => void (isSpoken = true),
    })
    await eventually('it speaks', () => isSpoken)
    assert.ok(await revokeKey(db, customer.accountId, customer.keyId))
    await announceRevocation(redis, customer.keyId)
    const answer = await asked
    const error = endOfStream(answer)
    assert.ok(error !== 'done' && error.code === 'invalid_api_key')
    // The upstream has not come to its end when the client has.
    assert.deepEqual(inFlight.keyIds(), [customer.keyId])
    assert.equal(readOns.mayCall(customer.accountId), true)
    // Told again, as by the look for revoked keys, it goes on.
    await announceRevocation(redis, customer.keyId)
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual(
      [row.outcome, row.error, row.source],
      ['revoked', 'invalid_api_key', 'upstream'],
    )
    assert.deepEqual([row.output, row.reasoning], [9_005, 9_000])
    assert.equal(row.cost, listPrice(thinker, stage.servedFor(row)))
    assert.deepEqual(inFlight.keyIds(), [])
  })
})
