import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { countText } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream, errorIn, expectDiscreet, textIn } from '../../../test/wire.ts'
import { chat } from './chat.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
  await eventually('the upstream is left alone', () => stage.upstream.openRequests() === 0)
})
after(() => stage.stop())

const model = 'gpt-5.6-sol'
const near = (counted: number, truth: number) =>
  assert.ok(Math.abs(counted - truth) <= truth * 0.05, `${counted} is not near ${truth}`)

async function asked(say: string, streamed: boolean) {
  const answer = await stage.ask({ say: `please ${say} now`, body: { model, stream: streamed } })
  assert.equal(answer.broken, undefined)
  expectDiscreet(answer, [stage.upstream.apiKey])
  return { answer, row: await stage.waitForCall(answer.headers['x-request-id']) }
}

describe('a fault before the first byte is an error with a true status, and costs nothing', () => {
  const everywhere: Record<string, [number, string]> = {
    '[[reset:0]]': [502, 'upstream_error'],
    '[[quota]]': [503, 'upstream_unavailable'],
    '[[html]]': [502, 'upstream_error'],
    '[[html-500]]': [502, 'upstream_error'],
    '[[json-error]]': [502, 'upstream_error'],
    '[[gzip]]': [502, 'upstream_error'],
    '[[redirect]]': [502, 'upstream_error'],
    '[[wrong-type]]': [502, 'upstream_error'],
    '[[status:500]]': [502, 'upstream_error'],
    '[[status:504]]': [504, 'upstream_timeout'],
    '[[slow:1]] [[status:502]]': [502, 'upstream_error'],
  }
  for (const status of [503, 529])
    everywhere[`[[status:${status}]]`] = [503, 'upstream_unavailable']
  everywhere['[[status:429]]'] = [429, 'rate_limit_exceeded']
  for (const status of [201, 204, 301, 307, 401, 402, 403, 405, 408, 409, 418, 451])
    everywhere[`[[status:${status}]]`] = [502, 'upstream_error']
  const plainOnly: Record<string, [number, string]> = {}
  for (const cut of ['reset', 'end-early', 'half-json', 'error-event', 'reset:1', 'half-json:0'])
    plainOnly[`[[${cut}]]`] = [502, 'upstream_error']

  const cases = [
    ...Object.entries(everywhere).flatMap(([say, to]) => [
      { say, to, streamed: false },
      { say, to, streamed: true },
    ]),
    ...Object.entries(plainOnly).map(([say, to]) => ({ say, to, streamed: false })),
    ...['[[end-early:0]]', '[[half-json:0]]', '[[error-event:0]]'].map((say) => ({
      say,
      to: [502, 'upstream_error'] as [number, string],
      streamed: true,
    })),
  ]
  for (const { say, to, streamed } of cases) {
    test(`${say} ${streamed ? 'streamed' : 'plain'} is ${to.join(' ')}`, async () => {
      const { answer, row } = await asked(say, streamed)
      const error = errorIn(answer)
      assert.deepEqual([answer.status, error.code], to)
      assert.equal(answer.headers['x-should-retry'], undefined)
      assert.ok(error.message.includes('Nothing was charged'))
      assert.deepEqual([row.outcome, row.status, row.error], ['failed', ...to])
      assert.deepEqual([row.cost, row.input, row.output, row.source], [0, 0, 0, 'none'])
      assert.equal(answer.headers['retry-after'] !== undefined, [429, 503].includes(to[0]))
    })
  }
})

describe('what the upstream says about the request itself reaches the client, and costs nothing', () => {
  for (const status of [400, 413, 422]) {
    for (const streamed of [false, true]) {
      test(`${status} ${streamed ? 'streamed' : 'plain'}`, async () => {
        const { answer, row } = await asked(`[[status:${status}]]`, streamed)
        const error = errorIn(answer)
        assert.equal(answer.status, status)
        assert.match(error.message, /context length|too large|could not be processed/)
        assert.deepEqual([row.outcome, row.status, row.cost], ['failed', status, 0])
      })
    }
  }
})

for (const streamed of [false, true])
  test(`a model that is gone there is the operator's fault, ${streamed ? 'streamed' : 'plain'}`, async () => {
    const { answer, row } = await asked('[[status:404]]', streamed)
    assert.equal(answer.status, 502)
    assert.deepEqual([row.outcome, row.status, row.cost], ['failed', 502, 0])
  })

describe('a fault within a stream is an error event, and costs nothing', () => {
  const faults = ['reset', 'end-early', 'half-json', 'error-event']
  for (const fault of faults) {
    for (const events of [1, 2, 3, 20, 400]) {
      test(`[[${fault}:${events}]] [[repeat:500]]`, async () => {
        const { answer, row } = await asked(`[[${fault}:${events}]] [[repeat:500]]`, true)
        const error = endOfStream(answer)
        assert.ok(error !== 'done' && error.code === 'upstream_error')
        assert.equal(error.message, 'The connection to the provider was terminated.')
        // The first event carries the role and no word.
        assert.equal(countText(textIn(answer)), events - 1)
        assert.deepEqual([row.outcome, row.status, row.error], ['failed', 200, 'upstream_error'])
        assert.deepEqual([row.cost, row.input, row.output, row.source], [0, 0, 0, 'none'])
        // What the operator may have to pay all the same.
        const served = stage.servedFor(row)
        near(row.waived, listPrice(model, { ...served, completionTokens: events - 1 }))
      })
    }
  }

  test('[[no-done]] is no fault: each choice had its finish reason, and the body its end', async () => {
    const { answer, row } = await asked('[[no-done]]', true)
    assert.ok(!answer.text.includes('"error"'))
    assert.equal(row.cost, listPrice(model, stage.servedFor(row)))
    assert.deepEqual([row.outcome, row.source], ['completed', 'upstream'])
  })

  test('the words of an upstream that breaks are not passed on', async () => {
    const { answer } = await asked('[[error-event:5]]', true)
    assert.equal(eventsOf(answer.text).length, 6)
  })

  test('usage that came before the fault is what is charged', async () => {
    const { row } = await asked('[[usage-each]] [[reset:30]] [[repeat:100]]', true)
    const served = stage.servedFor(row)
    assert.equal(row.output, 29)
    assert.equal(row.cost, listPrice(model, { ...served, completionTokens: 29 }))
    assert.deepEqual([row.source, row.waived], ['upstream', 0])
  })
})

test('an upstream that dies while calls wait for it ends them all, at no cost', async () => {
  const dying = await startStage()
  const ask = (stream: boolean) => dying.ask({ say: '[[stall:9]]', body: { model, stream } })
  const both = [ask(false), ask(true)]
  await eventually('both calls hang', () => {
    const served = dying.upstream.served()
    return served.length === 2 && served.every(({ status }) => status === 200)
  })
  await eventually('the stream has spoken', () =>
    dying.upstream.served().some(({ deliveredEvents }) => deliveredEvents === 9),
  )
  await dying.upstream.close()
  const [plain, streamed] = await Promise.all(both)
  assert.deepEqual([plain!.status, errorIn(plain!).code], [502, 'upstream_error'])
  assert.notEqual(endOfStream(streamed!), 'done')
  const [first, second] = await Promise.all(
    [plain!, streamed!].map(({ headers }) => dying.waitForCall(headers['x-request-id'])),
  )
  assert.deepEqual([first!.cost, first!.outcome], [0, 'failed'])
  assert.deepEqual([second!.cost, second!.source, second!.outcome], [0, 'none', 'failed'])
  assert.ok(second!.waived > 0)
  const gone = await dying.ask({ say: 'anybody there?' })
  assert.deepEqual([gone.status, errorIn(gone).code], [503, 'upstream_unavailable'])
  await dying.expectNothingHeld()
  await dying.expectCleanBooks()
  await dying.stop()
})

test('a stream stalled for ever ends when its client does', async () => {
  const answer = await stage.ask({
    say: '[[stall:41]]',
    body: { model: 'gpt-4.1', stream: true },
    onPiece: (all) => (eventsOf(all.toString()).length === 41 ? 'leave' : undefined),
  })
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.status, row.output], ['disconnected', 499, 40])
  assert.equal(row.error, 'client_closed_request')
})

test('a plain answer that breaks is settled although what came cannot be counted', async (t) => {
  const counting = t.mock.method(chat, 'broken', () => {
    throw new RangeError('nothing of the kind')
  })
  const { answer, row } = await asked('[[half-json]]', false)
  assert.deepEqual([answer.status, errorIn(answer).code], [502, 'upstream_error'])
  assert.deepEqual([row.outcome, row.cost, row.waived], ['failed', 0, 0])
  assert.equal(counting.mock.callCount(), 1)
})
