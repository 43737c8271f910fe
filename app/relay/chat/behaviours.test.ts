import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, afterEach, before, describe, test } from 'node:test'
import { behaviours, countText } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import { chunksIn, eventsOf } from '../../../test/raw-client.ts'
import type { CallRow } from '../../../test/calls.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream, expectDiscreet, textIn } from '../../../test/wire.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
  assert.equal(stage.upstream.openRequests(), 0)
})
after(() => stage.stop())

type Given = { say: string; body?: object; streamed?: boolean; usageWanted?: boolean }
const model = 'gpt-5.6-sol'

/** Asks, expects a whole answer without secrets, and answers it with its row and the truth. */
async function answered({ say, body, streamed = false, usageWanted = false }: Given) {
  const options = usageWanted ? { stream_options: { include_usage: true } } : {}
  const all = { model, stream: streamed, ...options, ...body }
  const answer = await stage.ask({ say: `please ${say} now`, body: all })
  assert.equal(answer.status, 200, answer.text.slice(0, 300))
  if (streamed) assert.equal(endOfStream(answer), 'done')
  // What the upstream was asked with is, for once, in its answer.
  expectDiscreet(answer, say.includes('echo-headers') ? [] : [stage.upstream.apiKey])
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.status, row.error], ['completed', 200, null])
  return { answer, row, served: stage.servedFor(row) }
}

const bothWays = [
  { way: 'plain', streamed: false },
  { way: 'streamed', streamed: true },
  { way: 'streamed with usage', streamed: true, usageWanted: true },
]
const tools = [{ type: 'function', function: { name: 'look_up', parameters: {} } }]
const near = (counted: number, truth: number) =>
  assert.ok(Math.abs(counted - truth) <= truth * 0.05, `${counted} is not near ${truth}`)

describe('an upstream that is odd but true is charged exactly', () => {
  const odd: Given[] = [
    '[[slow:1]]',
    '[[slow-first:1]]',
    '[[pause:1]]',
    '[[crlf]]',
    '[[split:700]]',
    '[[split]] [[repeat:3]]',
    '[[big:100000]]',
    '[[unicode]]',
    '[[comment]]',
    '[[bom]]',
    '[[multi-line]]',
    '[[reasoning:40]]',
    '[[cached:9]]',
    '[[cache-write:9]]',
    '[[repeat:400]]',
    '[[usage-each]]',
    '[[usage-twice]]',
    '[[echo-headers]]',
    '[[echo-body]]',
    '[[bom]] [[crlf]] [[comment]] [[multi-line]] [[usage-twice]] [[split]] [[repeat:4]]',
  ].map((say) => ({ say }))
  odd.push({ say: '[[tool]]', body: { tools } })
  for (const given of odd) {
    for (const { way, ...how } of bothWays) {
      test(`${given.say} ${way}`, async () => {
        const { answer, row, served } = await answered({ ...given, ...how })
        assert.equal(row.cost, listPrice(model, served))
        assert.deepEqual([row.source, row.flag, row.overrun], ['upstream', null, 0])
        assert.deepEqual([row.input, row.output], [served.promptTokens, served.completionTokens])
        assert.equal(countText(textIn(answer)), served.deliveredTokens)
        if (!how.streamed) return
        const usageOnly = chunksIn(answer.text).filter(({ choices }) => choices.length === 0)
        const expected = given.say.includes('usage-twice') ? 2 : 1
        assert.equal(usageOnly.length, how.usageWanted ? expected : 0)
      })
    }
  }
})

describe('an upstream that reports no usage, or none that can be, is counted instead', () => {
  const kinds = ['negative', 'nan', 'huge', 'float', 'string', 'null']
  const silent = ['[[no-usage]]', '[[no-usage]] [[unicode]]', '[[no-usage]] [[big:100000]]']
  const absurd = kinds.map((kind) => `[[absurd-usage:${kind}]]`)
  for (const say of [...silent, ...absurd]) {
    for (const { way, ...how } of bothWays) {
      test(`${say} ${way}`, async () => {
        const { answer, row, served } = await answered({ say, ...how })
        near(row.input, served.promptTokens)
        near(row.output, served.completionTokens)
        near(row.output, countText(textIn(answer)))
        const counted = { ...served, promptTokens: row.input, completionTokens: row.output }
        assert.equal(row.cost, listPrice(model, counted))
        assert.equal(row.source, 'counted')
        assert.equal(row.flag, say.includes('absurd') ? 'absurd' : null)
        assert.ok(row.cost <= row.hold)
      })
    }
  }

  test('tool calls and several choices are counted too', async () => {
    for (const { way: _, ...how } of bothWays) {
      for (const body of [{ tools, tool_choice: 'required' }, { n: 3 }]) {
        const { row, served } = await answered({ say: '[[no-usage]]', body, ...how })
        near(row.output, served.completionTokens)
        assert.equal(row.source, 'counted')
      }
    }
  })
})

describe('usage that is surprising and possible is taken at its word', () => {
  const ways = bothWays.map(({ way, ...how }) => ({ way, how }))
  for (const { way, how } of ways) {
    test(`zero is no value where something was delivered, ${way}`, async () => {
      const { row, served } = await answered({ say: '[[zero-usage]] [[repeat:60]]', ...how })
      near(row.input, served.promptTokens)
      assert.deepEqual([row.output, row.source, row.flag], [60, 'counted', 'zeros'])
    })

    test(`more cached than there was input is all of the input, ${way}`, async () => {
      const { row, served } = await answered({ say: '[[absurd-usage:cached-over]]', ...how })
      assert.equal(row.cached, served.promptTokens)
      assert.equal(row.cost, listPrice(model, { ...served, cachedTokens: served.promptTokens }))
      assert.deepEqual([row.source, row.flag], ['upstream', 'clamped'])
    })

    test(`a cost above the hold is charged up to the hold, ${way}`, async () => {
      const say = '[[absurd-usage:overrun]] [[repeat:50]]'
      const { row, served } = await answered({ say, body: { max_tokens: 50 }, ...how })
      const real = listPrice(model, { ...served, completionTokens: 500 })
      assert.equal(row.cost, row.hold)
      assert.equal(row.overrun, real - row.hold)
      assert.ok(row.overrun > 0)
      const logged = stage.relay.logged.filter((line) => line.includes('"event":"overrun"'))
      assert.ok(logged.some((line) => line.includes(row.requestId)))
    })
  }
})

test('the odd forms of a stream reach the client as they are', async () => {
  const say = '[[bom]] [[crlf]] [[comment]] [[multi-line]]'
  const { answer } = await answered({ say, streamed: true })
  assert.ok(answer.text.startsWith('\uFEFFdata: '))
  assert.ok(!/[^\r]\n/.test(answer.text))
  assert.ok(answer.text.includes('\r\n: comment\r\n'))
  assert.ok(eventsOf(answer.text)[0]?.includes('\n'))
  assert.equal(answer.headers['cache-control'], 'no-cache')
  assert.equal(answer.headers['x-accel-buffering'], 'no')
  assert.equal(answer.headers['content-encoding'], undefined)
})

test('a plain call may ask for what only streams can do', async () => {
  const { row, served }: { row: CallRow; served: { completionTokens: number } } = await answered({
    say: '[[endless]]',
  })
  assert.equal(row.output, served.completionTokens)
})

test('every behaviour of the demo upstream is asked for by some test of the relay', () => {
  const here = new URL('..', import.meta.url)
  const all = readdirSync(here, { recursive: true, encoding: 'utf8' })
  const files = all.filter((name) => name.endsWith('.test.ts'))
  const tests = files.map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n')
  const forgotten = Object.keys(behaviours).filter(
    (name) => !new RegExp(`\\[\\[${name}[\\]:]`).test(tests),
  )
  assert.deepEqual(forgotten, [])
})
