import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { goEvents, httpxEvents, objectsIn, pythonEvents } from '../../../test/answers/decoders.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import {
  eventStream,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../../test/upstreams/scripted-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

let upstream: ScriptedUpstream
let stage: Stage
before(async () => {
  upstream = await startScriptedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url, pingEveryMs: 20 })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  await upstream.close()
})

const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }
const chunks = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: 'Grüße 🚀\u2028' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  { choices: [], usage },
]

/** The events of a stream as an upstream may write them. */
function eventsWith(newline: string, isNumbered: boolean): string[] {
  const datas = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
  return datas.map((data, i) => {
    const head = isNumbered ? `id: ${i}${newline}event: message${newline}` : ''
    return `${head}data: ${data}${newline}${newline}`
  })
}

/** Silence until the client has seen one ping more. */
function silences() {
  let seen = 0
  let waiting: { pings: number; go: () => void } | undefined
  return {
    silence: () =>
      new Promise<void>((resolve) => {
        waiting = { pings: seen + 1, go: resolve }
      }),
    onPiece: (all: Buffer) => {
      seen = all.toString('latin1').split(': ping').length - 1
      if (waiting && seen >= waiting.pings) waiting.go()
      return undefined
    },
  }
}

async function relayed(newline: string, isNumbered: boolean, mark = '') {
  const { silence, onPiece } = silences()
  const events = eventsWith(newline, isNumbered)
  const parts = events.flatMap((event) => [silence, event])
  upstream.answerWith(eventStream(silence, mark, ...parts))
  const body = { stream: true, stream_options: { include_usage: true } }
  const answer = await stage.ask({ say: 'hello', body, onPiece })
  assert.equal(answer.status, 200)
  assert.equal(upstream.calls(), 1)
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.input, row.output], ['completed', 5, 2])
  return answer
}

describe('pings in every silence of a stream are events to no decoder', () => {
  for (const [name, newline] of Object.entries({ LF: '\n', CRLF: '\r\n' })) {
    for (const isNumbered of [false, true]) {
      test(`lines that end in ${name}, ${isNumbered ? 'with' : 'without'} ids`, async () => {
        const { bytes, pieces, text } = await relayed(newline, isNumbered)
        assert.ok(text.split(': ping\n').length > chunks.length)
        for (const events of [
          eventsOf(text),
          pythonEvents(pieces),
          pythonEvents([bytes]),
          httpxEvents(pieces),
          goEvents(pieces),
        ])
          assert.deepEqual(objectsIn(events), chunks)
      })
    }
  }

  test('lines that end in CR, for those who know them', async () => {
    const { pieces, text } = await relayed('\r', true)
    assert.ok(text.split(': ping\r').length > chunks.length)
    assert.ok(!text.slice(text.indexOf('data')).includes('\n'))
    assert.deepEqual(objectsIn(pythonEvents(pieces)), chunks)
  })

  test('a byte order mark behind a ping', async () => {
    const { text, pieces } = await relayed('\n', false, '\uFEFF')
    assert.ok(!text.includes('\uFEFF'))
    assert.deepEqual(objectsIn(pythonEvents(pieces)), chunks)
  })

  test('and with an empty line behind each they would be', () => {
    const text = `id: 1\ndata: {}\n\n: ping\n\ndata: [DONE]\n\n`
    assert.throws(() => objectsIn(pythonEvents([Buffer.from(text)])), SyntaxError)
    assert.throws(() => objectsIn(goEvents([Buffer.from(text)])), SyntaxError)
  })
})
