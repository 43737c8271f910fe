import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  answers,
  block,
  blockStop,
  costOf,
  delta,
  last,
  message,
  model,
  ping,
  start,
  startMessages,
  stop,
  streams,
  text,
  whole,
  type MessagesStage,
  type Used,
} from '../../../test/upstreams/messages.ts'

let stage: MessagesStage
before(async () => (stage = await startMessages()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
  stage.forget()
})
after(() => stage.stop())

const usage = {
  input_tokens: 25,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 400,
  cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
  output_tokens: 40,
  output_tokens_details: { thinking_tokens: 7 },
  service_tier: 'standard',
}
const used: Used = { input: 25, cachedInput: 400, cacheWrite: 10, cacheWrite1h: 20, output: 40 }

describe('a plain message', () => {
  test('goes through as it is, and is charged by every class of its usage', async () => {
    stage.fed.main.play(answers(message(usage)))
    const answer = await stage.ask()
    assert.equal(answer.status, 200)
    assert.equal(answer.text, JSON.stringify(message(usage)))
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.source, row.cost], ['completed', 'upstream', costOf(used)])
    assert.deepEqual([row.input, row.cached, row.cacheWrite, row.output], [455, 400, 30, 40])
    assert.equal(row.reasoning, 7)
    assert.equal(row.charged, row.cost)
  })

  test('of a compaction is charged for the turns that are not in its sums', async () => {
    const turn = { type: 'compaction', input_tokens: 100, output_tokens: 50 }
    const own = { type: 'message', input_tokens: 25, output_tokens: 40 }
    stage.fed.main.play(answers(message({ ...usage, iterations: [turn, own] })))
    const context_management = { edits: [{ type: 'compact_20260112' }] }
    const { headers } = await stage.ask({ context_management })
    const row = await stage.waitForCall(headers['x-request-id'])
    assert.equal(row.cost, costOf({ ...used, input: 125, output: 90 }))
  })

  test('that may be an answer of 64,000 tokens is waited for as long as plain answers are', async () => {
    stage.fed.main.play((res) =>
      setTimeout(() => void answers(message(usage))(res, undefined!), 300),
    )
    const answer = await stage.ask({ max_tokens: 64_000, model })
    assert.equal(answer.status, 200)
  })

  test('without figures is counted, and so is one whose figures are null', async () => {
    for (const none of [null, { input_tokens: null, output_tokens: null }]) {
      stage.fed.main.play(answers(message(none)))
      const { headers } = await stage.ask()
      const row = await stage.waitForCall(headers['x-request-id'])
      assert.deepEqual([row.source, row.output], ['counted', 2])
      assert.ok(row.input > 0 && row.input < 20, String(row.input))
    }
  })
})

describe('the figures of a stream', () => {
  const charged = async (events: string[], more: object = {}) => {
    stage.fed.main.play(streams(events))
    const answer = await stage.askStream(more)
    assert.equal(answer.text, events.join(''))
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.equal(row.outcome, 'completed')
    assert.equal(row.charged, row.cost)
    return row
  }
  const said = [block(), text('Hello'), text(' world'), blockStop]

  test('are cumulative: those of the end over those of the beginning, and never added', async () => {
    const row = await charged([start(usage), ...said, last({ output_tokens: 90 }), stop])
    assert.equal(row.cost, costOf({ ...used, output: 90 }))
    assert.equal(row.source, 'upstream')
  })

  const zeros = { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 }
  const nulls = {
    input_tokens: null,
    cache_creation_input_tokens: null,
    cache_read_input_tokens: null,
    cache_creation: null,
  }
  const cases: Record<string, [events: string[], expected: Used]> = {
    'null says nothing of a figure that was told': [
      [start(usage), ...said, last({ ...nulls, output_tokens: 41 }), stop],
      { ...used, output: 41 },
    ],
    'zeros at the beginning are placeholders': [[start(zeros), ...said, last(usage), stop], used],
    'nulls at the beginning are none': [
      [start({ ...nulls, output_tokens: null }), ...said, last(usage), stop],
      used,
    ],
    'none at the beginning are none': [[start(null), ...said, last(usage), stop], used],
    'the last of several counts, also where it is less': [
      [start(usage), ...said, last({ output_tokens: 90 }), last({ output_tokens: 60 }), stop],
      { ...used, output: 60 },
    ],
    'a compaction is added to them': [
      [
        start(usage),
        ...said,
        last({
          output_tokens: 40,
          iterations: [{ type: 'compaction', input_tokens: 100, output_tokens: 10 }],
        }),
        stop,
      ],
      { ...used, input: 125, output: 50 },
    ],
    'a flood of pings changes nothing': [
      [
        start(usage),
        ...Array.from({ length: 500 }, () => ping),
        ...said,
        last({ output_tokens: 40 }),
        stop,
      ],
      used,
    ],
  }
  for (const [what, [events, expected]] of Object.entries(cases))
    test(what, async () => assert.equal((await charged(events)).cost, costOf(expected)))

  test('that never come are counted; where only the end is missing, the output is', async () => {
    const counted = await charged([start(null), ...said, last(), stop])
    assert.deepEqual([counted.source, counted.output], ['counted', 2])
    const short = await charged([start(usage), ...said, text(' and'.repeat(60)), last(), stop])
    assert.deepEqual([short.source, short.flag, short.output], ['counted', 'early', 62])
    assert.equal(short.input, 455)
  })

  test('whatever was delivered, in whatever form, is counted where they never come', async () => {
    const forms = [
      delta({ type: 'thinking_delta', thinking: 'hm hm' }),
      delta({ type: 'input_json_delta', partial_json: '{"a":1}' }),
      block({ type: 'tool_use', id: 'x', name: 'weather', input: {} }),
      block({ type: 'redacted_thinking', data: 'QUJD' }),
    ]
    for (const form of forms) {
      const row = await charged([start(null), form, last(), stop])
      assert.equal(row.source, 'counted')
      assert.ok(row.output > 0, form)
    }
    const silent = [delta({ type: 'signature_delta', signature: 'QUJD' }), ping]
    const row = await charged([start(null), ...silent, last(), stop])
    assert.equal(row.cost, 0)
  })

  test('in events that end in CRLF, in several lines and with comments between them', async () => {
    const all = [start(usage), ...said, last({ output_tokens: 40 }), stop]
    const crlf = all.map((it) => it.replaceAll('\n', '\r\n'))
    const lines = all.map((it) => `: c\n${it.replace('data: {', 'data: {\ndata: ')}`)
    for (const events of [crlf, lines]) assert.equal((await charged(events)).cost, costOf(used))
  })

  test('an event of a mebibyte passes', async () => {
    const row = await charged([
      start(usage),
      block(),
      text('x'.repeat(2 ** 20)),
      last({ output_tokens: 40 }),
      stop,
    ])
    assert.equal(row.cost, costOf(used))
  })
})

test('the last event waits for the settlement: who has read it finds it booked', async () => {
  stage.fed.main.play(streams([whole(usage, { output_tokens: 40 })]))
  for (let i = 0; i < 20; i++) {
    let booked: Promise<unknown[]> | undefined
    await stage.askStream(
      {},
      {
        onPiece: (all: Buffer) => {
          if (all.includes('message_stop') && !booked)
            booked = stage.sql('select count(*) as calls from calls')
          return undefined
        },
      },
    )
    const [counted] = (await booked!) as { calls: number }[]
    const [now] = await stage.sql<{ calls: number }>('select count(*) as calls from calls')
    assert.equal(counted?.calls, now?.calls)
  }
})
