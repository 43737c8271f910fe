import assert from 'node:assert/strict'
import { after, beforeEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream, errorIn } from '../../../test/wire.ts'
import { ClientStream } from '../client-stream.ts'
import { chunks } from './said.ts'

let stage: Stage
let from = 0
before(async () => (stage = await startStage()))
beforeEach(() => (from = stage.relay.logged.length))
after(() => stage.stop())

type Line = Record<string, unknown>
/** The line that has been logged since the test began, of this event and with these fields. */
const lineOf = (event: string, has: Line = {}) =>
  eventually(`a line of ${event}`, () =>
    stage.relay.logged
      .slice(from)
      .map((line) => JSON.parse(line) as Line)
      .find((it) => it.event === event && Object.entries(has).every(([k, v]) => it[k] === v)),
  )

/** What a client said, and what a mistake's message might quote of it. */
const secret = 'a prompt that nobody may read'

describe('what fails in the relay leaves a line that says why', () => {
  test('a mistake of ours in the middle of a stream: the client is told, nothing is charged', async () => {
    const { look } = chunks
    chunks.look = () => {
      throw new TypeError(`cannot read ${secret}`)
    }
    const answer = await stage.ask({ say: secret, body: { stream: true } }).finally(() => {
      chunks.look = look
    })
    const error = errorOf(answer)
    assert.equal(error.code, 'internal_error')
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.error, row.cost], ['failed', 'internal_error', 0])
    const line = await lineOf('call_failed', { call: row.requestId })
    assert.equal(line.level, 'error')
    assert.equal(line.error, 'TypeError')
    assert.match(JSON.stringify(line.stack), /meter\.ts:\d+/)
    assert.ok(!stage.relay.logged.slice(from).join('').includes(secret))
  })

  for (const status of [401, 403, 500]) {
    test(`an upstream's ${status}: the client sees a 502, the row and the log its true status`, async () => {
      const answer = await stage.ask({ say: `[[status:${status}]]` })
      assert.equal(answer.status, 502)
      assert.equal(errorIn(answer).code, 'upstream_error')
      const { requestId } = await stage.waitForCall(answer.headers['x-request-id'])
      const line = await lineOf('upstream_failed', { status })
      assert.equal(line.code, `HTTP_${status}`)
      const [row] = await stage.sql<{ status: number }>(
        `select upstream_status as status from calls where id = unhex(?)`,
        [requestId.replaceAll('-', '')],
      )
      assert.equal(row?.status, status)
    })
  }

  test('an upstream that cannot be reached', async () => {
    const nowhere = await startStage({ upstreamUrl: 'http://127.0.0.1:1/v1' })
    try {
      const answer = await nowhere.ask({ say: 'hello' })
      assert.equal(errorIn(answer).code, 'upstream_unavailable')
      const line = nowhere.relay.logged.find((it) => it.includes('"upstream_failed"'))
      assert.ok(line?.includes('"ECONNREFUSED"') && line.includes('"warn"'), line)
    } finally {
      await nowhere.stop()
    }
  })

  test('a key that cannot be looked up, here because the schema has drifted', async () => {
    const { secret: unseen } = await stage.newKey(stage.customer.accountId)
    await stage.sql('alter table api_keys rename column digest to drifted')
    try {
      const answer = await stage.ask({ say: 'hello', apiKey: unseen })
      assert.equal(answer.status, 503)
      assert.equal(errorIn(answer).code, 'overloaded')
      const line = await lineOf('authentication_failed', { errno: 1054 })
      assert.equal(line.level, 'error')
      assert.equal(line.request, answer.headers['x-request-id'])
    } finally {
      await stage.sql('alter table api_keys rename column drifted to digest')
    }
    assert.equal((await stage.ask({ say: 'hello', apiKey: unseen })).status, 200)
  })
})

test('a call that was made and cannot be booked is no 503, which proxies repeat', async () => {
  const { ledger } = stage.relay.services
  const { settle } = ledger
  ledger.settle = () => Promise.reject(Object.assign(new Error('full'), { errno: 1114 }))
  try {
    for (const stream of [false, true]) {
      const answer = await stage.ask({ say: '[[reset:0]]', body: { stream } })
      assert.deepEqual([answer.status, errorIn(answer).code], [500, 'internal_error'])
    }
  } finally {
    ledger.settle = settle
  }
})

test('a stream that fails before its first byte leaves nothing behind', async () => {
  const { _destroy } = ClientStream.prototype
  let destroyed = 0
  ClientStream.prototype._destroy = function (...given) {
    destroyed++
    _destroy.apply(this, given)
  }
  try {
    for (const say of ['[[status:400]]', '[[status:500]]', '[[reset:0]]']) {
      const answer = await stage.ask({ say, body: { stream: true } })
      assert.notEqual(answer.status, 200)
    }
    // Each has a timer that would keep its call in memory for ever.
    await eventually('three streams are let go', () => destroyed === 3)
  } finally {
    ClientStream.prototype._destroy = _destroy
  }
})

/** The error that a call ended with, whether its status line was out by then or not. */
function errorOf(answer: Awaited<ReturnType<Stage['ask']>>) {
  if (answer.status !== 200) return errorIn(answer)
  const end = endOfStream(answer)
  assert.ok(end !== 'done')
  return end
}
