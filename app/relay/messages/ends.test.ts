import assert from 'node:assert/strict'
import { after, afterEach, before, describe, mock, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { limits } from '../../config/limits.ts'
import {
  answers,
  block,
  costOf,
  errorAtEnd,
  eventOf,
  last,
  ping,
  start,
  startMessages,
  stop,
  streams,
  text,
  whole,
  type MessagesStage,
} from '../../../test/upstreams/messages.ts'
import { events } from './events.ts'

let stage: MessagesStage
before(async () => (stage = await startMessages()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
  stage.forget()
})
after(() => stage.stop())

const usage = { input_tokens: 25, output_tokens: 1 }
const error = (type: string) => eventOf({ type: 'error', error: { type, message: 'Of theirs' } })
const begun = [start(usage), block(), text('Hello')]

test('a stream that says all of what it used is never looked into', async () => {
  const heard = mock.method(events, 'heard')
  stage.fed.main.play(streams([whole(usage, { output_tokens: 9 })]))
  const row = await stage.waitForCall((await stage.askStream()).headers['x-request-id'])
  heard.mock.restore()
  assert.deepEqual([row.outcome, row.source, row.output], ['completed', 'upstream', 9])
  assert.equal(heard.mock.callCount(), 0)
})

describe('a stream that its upstream breaks', () => {
  const cases: Record<string, Parameters<typeof streams>> = {
    'by a clean end without message_stop': [begun],
    'by a clean end behind its stop reason': [[start(usage), block(), text('a'), last(null)]],
    'by breaking off': [begun, 'break'],
    'by breaking off after its first event': [[start(usage)], 'break'],
    'by an error event': [[...begun, error('overloaded_error')]],
    'by half of its last event': [[...begun, stop.slice(0, 20)]],
  }
  for (const [what, [pieces, end]] of Object.entries(cases))
    test(`${what} ends with an error event, and is free`, async () => {
      stage.fed.main.play(streams(pieces, end))
      const answer = await stage.askStream()
      assert.equal(answer.status, 200)
      assert.equal(errorAtEnd(answer).type, 'api_error')
      assert.ok(!answer.text.includes('Of theirs'))
      const row = await stage.waitForCall(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.cost, row.source], ['failed', 0, 'none'])
      assert.ok(row.waived > 0)
    })

  test('behind its last figures is charged by those', async () => {
    stage.fed.main.play(streams([...begun, last({ output_tokens: 9 })], 'break'))
    const answer = await stage.askStream()
    errorAtEnd(answer)
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost], ['failed', costOf({ input: 25, output: 9 })])
  })

  test('behind an event that has no figure of what was said is free', async () => {
    const nulls = { input_tokens: null, output_tokens: null, server_tool_use: null }
    const partly = { cache_creation: { ephemeral_5m_input_tokens: null } }
    for (const none of [{}, nulls, partly, { input_tokens: 25 }, { output_tokens: null }]) {
      stage.fed.main.play(streams([...begun, last(none)], 'break'))
      const row = await stage.waitForCall((await stage.askStream()).headers['x-request-id'])
      assert.deepEqual([row.outcome, row.cost], ['failed', 0], JSON.stringify(none))
      assert.ok(row.waived > 0)
    }
    stage.fed.main.play(streams([...begun, last({ output_tokens: 9 }), last({})], 'break'))
    const row = await stage.waitForCall((await stage.askStream()).headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost], ['failed', costOf({ input: 25, output: 9 })])
  })

  test('before anything was said is an error of its status, pings before it or not', async () => {
    for (const [type, status, ours] of [
      ['overloaded_error', 503, 'overloaded_error'],
      ['api_error', 502, 'api_error'],
      ['invalid_request_error', 400, 'invalid_request_error'],
      ['rate_limit_error', 429, 'rate_limit_error'],
    ] as const)
      for (const pieces of [[error(type)], [ping, ping, error(type)]]) {
        stage.fed.main.play(streams(pieces))
        stage.takeForWell()
        const answer = await stage.askStream()
        assert.equal(answer.status, status, answer.text)
        const body = JSON.parse(answer.text) as { type: string; error: { type: string } }
        assert.deepEqual([body.type, body.error.type], ['error', ours])
        const row = await stage.waitForCall(answer.headers['x-request-id'])
        assert.deepEqual([row.cost, row.outcome], [0, 'failed'])
      }
  })
})

test('a whole stream whose last figures are none is charged for what it said', async () => {
  const words = text('one two three four five six')
  for (const none of [{}, { output_tokens: null }, { input_tokens: 25 }]) {
    stage.fed.main.play(streams([start(usage), block(), words, last(none), stop]))
    const row = await stage.waitForCall((await stage.askStream()).headers['x-request-id'])
    const { outcome, source, flag, output } = row
    assert.deepEqual([outcome, source, flag, output], ['completed', 'counted', 'early', 6])
  }
})

describe('a client that leaves', () => {
  const leaveAt = async (mark: string, pieces: string[]) => {
    stage.fed.main.play(streams(pieces, 'stay'))
    const answer = await stage.askStream(
      {},
      { onPiece: (all: Buffer) => (all.includes(mark) ? 'leave' : undefined) },
    )
    return stage.waitForCall(answer.headers['x-request-id'])
  }

  test('in the middle pays for its input, as it was told, and for what was delivered', async () => {
    const row = await leaveAt('Hello', begun)
    assert.deepEqual([row.outcome, row.status], ['disconnected', 499])
    assert.equal(row.cost, costOf({ input: 25, output: 1 }))
  })

  test('after the first event pays for its input', async () => {
    const row = await leaveAt('message_start', [start(usage)])
    assert.equal(row.outcome, 'disconnected')
    assert.equal(row.cost, costOf({ input: 25, output: 1 }))
  })

  test('behind a search pays for that too, whether a word was said or not', async () => {
    const use = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } }
    const found = { type: 'web_search_tool_result', tool_use_id: 's', content: [] }
    const searched = [start(usage), block(use), block(found)]
    for (const [mark, pieces] of [
      ['Hello', [...searched, block(), text('Hello')]],
      ['tool_result', searched],
    ] as const) {
      const { source, flag, cost, overrun, output } = await leaveAt(mark, [...pieces])
      assert.deepEqual([source, flag], ['counted', 'early'])
      // Nobody had asked for a search, so that none was held.
      assert.equal(cost + overrun, costOf({ input: 25, output, searches: 1 }))
    }
  })

  test('while it may search is read on, because only the end says what that has cost', async () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }]
    const figures = { output_tokens: 9, server_tool_use: { web_search_requests: 2 } }
    const { accountId } = stage.customer
    const { readOns } = stage.relay.services
    const others = Array.from({ length: limits.readOns.anAccountMax - 1 }, () =>
      readOns.take(accountId),
    )
    stage.fed.main.play(async (res, ...more) => {
      await streams(begun, 'stay')(res, ...more)
      const isReadOn = () => !readOns.mayCall(accountId)
      await eventually('it is read on, or ended', () => isReadOn() || res.destroyed)
      res.end(last(figures) + stop)
    })
    const answer = await stage.askStream({ tools }, { onPiece: () => 'leave' })
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.source], ['disconnected', 'upstream'])
    assert.equal(row.cost, costOf({ input: 25, output: 9, searches: 2 }))
    for (const giveBack of others) giveBack?.()
  })

  test('behind the last figures pays by those', async () => {
    const row = await leaveAt('end_turn', [...begun, last({ output_tokens: 9 })])
    assert.equal(row.cost, costOf({ input: 25, output: 9 }))
  })

  test('after message_stop has had a whole answer', async () => {
    const row = await leaveAt('message_stop', [whole(usage, { output_tokens: 9 })])
    assert.deepEqual([row.outcome, row.cost], ['completed', costOf({ input: 25, output: 9 })])
  })
})

describe('what an upstream says of a bad request', () => {
  const body = (type: string, message: string) =>
    `{ "type": "error",\n "error": {"type":"${type}","message":"${message}"}, "request_id":"req_1"}`

  test('passes unmodified, and costs nothing', async () => {
    const said = body('invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum')
    for (const ask of [stage.ask, stage.askStream]) {
      stage.fed.main.play(answers(said, 400))
      const answer = await ask()
      assert.deepEqual([answer.status, answer.text], [400, said])
      assert.equal((await stage.waitForCall(answer.headers['x-request-id'])).cost, 0)
    }
  })

  test('is told in our words where it is about the operator, or names them', async () => {
    const cases: [status: number, type: string, message: string, told: number][] = [
      [401, 'authentication_error', 'invalid x-api-key', 502],
      [403, 'permission_error', 'Your API key may not use this', 502],
      [402, 'billing_error', 'Your credit balance is too low', 502],
      [400, 'invalid_request_error', 'Your credit balance is too low', 503],
      [400, 'invalid_request_error', 'bad request of sk-main-main', 502],
      [529, 'overloaded_error', 'Overloaded', 503],
      [429, 'rate_limit_error', 'Of org-12345', 429],
    ]
    for (const [status, type, message, told] of cases) {
      stage.fed.main.play(answers(body(type, message), status))
      stage.takeForWell()
      const answer = await stage.ask()
      assert.equal(answer.status, told, `${status} ${message}: ${answer.text}`)
      assert.ok(!answer.text.includes(message), answer.text)
      const own = JSON.parse(answer.text) as { type: string; request_id: string }
      assert.deepEqual([own.type, own.request_id], ['error', answer.headers['x-request-id']])
    }
  })
})
