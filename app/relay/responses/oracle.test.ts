import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import { errorIn } from '../../../test/wire.ts'

const model = 'gpt-5'
const searchNanos = 10_000_000
let stage: Stage
before(async () => {
  stage = await startStage()
  const plain = { input: 1_250_000_000, cachedInput: 125_000_000, output: 10_000_000_000 }
  const prices = { ...plain, searches: searchNanos * 1_000_000 }
  const tiers = [{ upToInputTokens: null, prices }]
  const terms = { times: [{ when: null, tiers }], basisPoints: {}, serviceTiers: [] }
  await stage.sql('insert into prices (model, effective_from, terms, actor) values (?)', [
    [model, '2026-01-01', JSON.stringify(terms), 'test'],
  ])
  await stage.relay.services.catalog.refresh()
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const web = [{ type: 'web_search' }]
const own = [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }]
const form = { type: 'json_schema', name: 'a', schema: { type: 'object', properties: {} } }

async function called(input: unknown, more: object = {}, path = 'responses') {
  const answer = await stage.ask({ path, body: { model, input, ...more } })
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  return { answer, row, served: stage.servedFor(row) }
}

describe('what the upstream itself has counted is charged, to the nano-dollar', () => {
  const cases: [name: string, input: string, more?: object][] = [
    ['of words', 'hello'],
    ['of thoughts', 'hello [[reasoning:90]]', { reasoning: { effort: 'high' } }],
    ['of what was cached', 'hello there [[cached:5]]'],
    ['of a tool’s call', 'hello [[tool]]', { tools: own }],
    ['of an answer in a form', 'hello', { text: { format: form } }],
    ['of an answer that was cut short', 'hello [[repeat:90]]', { max_output_tokens: 20 }],
    ['of one that was ended', 'hello [[incomplete]]'],
    ['of lines that end in CRLF', 'hello [[crlf]]'],
    ['of one large event', 'hello [[big]]'],
    ['of pieces of one byte', 'hello [[split]]'],
    ['of searches', 'hello [[search:3]]', { tools: web }],
    ['of as many searches as are let', 'hello [[search:50]]', { tools: web }],
    ['of as many as the client lets', 'hello [[search:9]]', { tools: web, max_tool_calls: 2 }],
    ['of searches that stand in the output', 'a [[search:2]] [[no-tool-usage]]', { tools: web }],
    ['whose figures were nothing first', 'hello [[usage-late]]'],
    ['whose figures fall', 'hello [[usage-falling]]'],
    ['whose figures have no parts', 'hello [[usage-nulls]]'],
  ]
  for (const [name, input, more] of cases) {
    for (const stream of [false, true]) {
      test(`${name}, ${stream ? 'streamed' : 'plain'}`, async () => {
        const { answer, row, served } = await called(input, { stream, ...more })
        assert.equal(answer.status, 200, answer.text)
        assert.deepEqual([row.outcome, row.source], ['completed', 'upstream'])
        assert.equal(row.cost, listPrice(model, served) + served.searches * searchNanos)
        assert.ok(served.searches <= 8 && row.cost <= row.hold)
      })
    }
  }

  test('of a compaction', async () => {
    const { answer, row, served } = await called('hello', {}, 'responses/compact')
    assert.equal(answer.status, 200, answer.text)
    assert.equal(served.endpoint, 'responses/compact')
    assert.equal(row.cost, listPrice(model, served))
    assert.ok(row.cost > 0)
  })
})

describe('faults of a stream', () => {
  const broken = [
    'end-early:4',
    'reset:5',
    'no-done',
    'half-json',
    'error-event:6',
    'end-at-byte:5001',
  ]
  for (const fault of broken) {
    test(`${fault}: the client reads an error, and pays nothing`, async () => {
      const { answer, row } = await called(`hello [[${fault}]]`, { stream: true })
      const last = JSON.parse(eventsOf(answer.text).at(-1) ?? '{}') as { type?: string }
      assert.equal(last.type, 'error')
      assert.deepEqual([row.outcome, row.cost], ['failed', 0])
    })
  }

  test('failed: before a word it is free, and after some it is charged by its figures', async () => {
    const early = await called('hello [[failed:2]]', { stream: true })
    assert.deepEqual([early.row.outcome, early.row.cost], ['failed', 0])
    const late = await called('hello [[failed]]', { stream: true })
    const { row, served } = late
    assert.deepEqual([row.outcome, row.cost], ['failed', listPrice(model, served)])
    for (const { answer } of [early, late])
      assert.match(answer.text, /event: response\.failed\ndata: .*\n\n$/)
  })

  test('no-usage: what was said is counted', async () => {
    for (const stream of [false, true]) {
      const { row, served } = await called('hello [[no-usage]]', { stream })
      assert.deepEqual([row.outcome, row.source], ['completed', 'counted'])
      assert.equal(row.output, served.completionTokens)
    }
  })

  test('ping-flood: pings are nothing said', async () => {
    const { row, served } = await called('hello [[ping-flood]]', { stream: true })
    assert.deepEqual([row.outcome, row.cost], ['completed', listPrice(model, served)])
  })
})

test('what another account may have kept is not found, whatever it is', async () => {
  for (const [member, value] of [
    ['previous_response_id', 'resp_x'],
    ['conversation', { id: 'conv_x' }],
  ] as const) {
    const answer = await stage.ask({
      path: 'responses',
      body: { model, input: 'a', [member]: value },
    })
    assert.equal(answer.status, 404)
    const { code, param } = errorIn(answer)
    assert.deepEqual([code, param], ['previous_response_not_found', member])
  }
})

test('a call of an agent, as long as Codex writes it, fits a purse of a dollar with all its searches', async () => {
  const customer = await stage.newCustomer({ balanceNanos: 1e9 })
  const word = (at: number) => ['Read', 'the', 'file', 'before', 'you', 'change', 'it.'][at % 7]
  const instructions = Array.from({ length: 7_900 }, (_, at) => word(at)).join(' ')
  const body = { model: 'gpt-5.6-terra', input: 'hello', instructions, tools: web, stream: true }
  assert.ok(JSON.stringify(body).length > 38_000)
  const answer = await stage.ask({ customer, path: 'responses', body })
  assert.equal(answer.status, 200, answer.text)
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  assert.ok(row.hold <= 1e9)
})
