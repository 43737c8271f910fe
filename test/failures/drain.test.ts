import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { callsOf } from '../calls.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { expectBilledOnce, servedFor } from './expect-billed.ts'
import { priceOf } from './models.ts'
import { begin } from './begin.ts'
import { call, type Heard } from './client.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, type Site } from './site.ts'

const model = 'whole-both'
const clients = 20

const opened = new Opened()
let site: Site

before(async () => {
  site = await openSite(opened, { pace: { firstByteMs: 2, eventMs: 4 } })
})
after(() => opened.close())

/** It ended well: exit code 0, nothing held, no row of its own, and the books are right. */
async function expectGoodEnd(relay: RelayChild) {
  assert.deepEqual(await relay.exited, { code: 0, signal: null })
  const rows = await site.books.sql('select 1 from relays where pid = ?', [relay.pid])
  assert.equal(rows.length, 0, 'its row among the relays is gone')
  assert.equal((await expectCleanBooks(site.books.pool)).holds, 0)
}

const errorOf = ({ text }: Heard) =>
  (JSON.parse(text) as { error: { code: string; type: string } }).error

const customer = () => newCustomer(site.books.pool, { balanceNanos: 100e9 })
const rowsOf = (by: { accountId: number }) => callsOf(site.books.sql, by)

/** Calls without a break on a connection of its own, until the relay takes no more. */
async function callUntilRefused(relay: RelayChild, secret: string, note: (heard: Heard) => void) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let n = 0; ; n++) {
    const say = `[[repeat:${10 + (n % 20)}]]`
    const heard = await call(relay.url, { secret, model, say, isStreamed: n % 3 > 0, agent })
    note(heard)
    if (heard.status !== 200) break
  }
  agent.destroy()
}

describe('a relay told to end by SIGTERM', () => {
  test('finishes the calls under way, takes no new connection, and leaves clean books', async (t) => {
    const relay = await site.startRelay()
    const by = await customer()
    const heard: Heard[] = []
    const note = (one: Heard) => {
      heard.push(one)
      if (heard.length === 80) relay.sigterm()
    }
    const all = Array.from({ length: clients }, () => callUntilRefused(relay, by.secret, note))
    await Promise.all(all)
    await expectGoodEnd(relay)
    const cut = heard.filter(({ status, isComplete }) => status === 200 && !isComplete)
    assert.equal(cut.length, 0, 'every answer that had begun came to its end')
    const refused = heard.filter(({ status }) => status !== 200)
    for (const { status, broken } of refused)
      assert.match(`${status} ${broken}`, /^0 ECONN(REFUSED|RESET)$/)
    const complete = heard.length - refused.length
    assert.equal((await rowsOf(by)).length, complete, 'what was refused was not begun')
    await expectBilledOnce(site.books.sql, heard, site.upstream)
    t.diagnostic(`${complete} calls answered, ${heard.length - 80} after the signal or refused`)
  })

  test('answers a call on a connection that it has kept, and closes that with it', async () => {
    const relay = await site.startRelay()
    const by = { ...(await customer()), model }
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const first = begin(relay.url, { ...by, agent, say: '[[repeat:50]] [[pause:300]]' })
    await first.begun
    relay.sigterm()
    relay.sigterm()
    // It waits for the connection, and goes out on it as soon as the first has ended.
    const second = await call(relay.url, { ...by, agent })
    assert.ok((await first.ended).isComplete)
    assert.deepEqual([second.status, second.headers.connection], [200, 'close'])
    await expectGoodEnd(relay)
  })

  test('loses no call while it still listens, on connections kept and new, and says 503 of itself', async (t) => {
    const relay = await site.startRelay({ shutdown: { delayMs: 1_500 } })
    const by = { ...(await customer()), model }
    const heard: Heard[] = []
    const isReady: boolean[] = []
    let isSignalled = false
    const client = async (agent: Agent | undefined, isStreamed: boolean) => {
      for (let one: Heard | undefined; !one || one.status === 200;) {
        one = await call(relay.url, { ...by, isStreamed, ...(agent && { agent }) })
        heard.push(one)
        if (heard.length === 60) {
          isSignalled = true
          relay.sigterm()
        }
      }
      agent?.destroy()
    }
    const look = async () => {
      for (;;) {
        const answer = await fetch(new URL('/readyz', relay.url)).catch(() => undefined)
        if (!answer) return
        await answer.text()
        if (isSignalled) isReady.push(answer.ok)
      }
    }
    const kept = Array.from({ length: 12 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
    await Promise.all([
      look(),
      ...kept.map((agent, n) => client(agent, n % 2 === 0)),
      ...Array.from({ length: 6 }, (_, n) => client(undefined, n % 2 === 0)),
    ])
    await expectGoodEnd(relay)
    const answered = heard.filter(({ status }) => status === 200)
    assert.ok(answered.every(({ isComplete }) => isComplete))
    for (const { status, broken } of heard)
      if (status !== 200) assert.deepEqual([status, broken], [0, 'ECONNREFUSED'])
    assert.equal((await rowsOf(by)).length, answered.length)
    assert.ok(isReady.includes(false), 'it was asked, and said that it drains')
    t.diagnostic(`${answered.length} calls answered, ${answered.length - 60} after the signal`)
  })

  test('with haste closes its port at once', async () => {
    const relay = await site.startRelay({ shutdown: { delayMs: 600_000 } })
    relay.sigterm()
    await eventually('it says that it drains', async () => {
      const { status } = await fetch(new URL('/readyz', relay.url))
      return status === 503
    })
    relay.sigterm()
    await expectGoodEnd(relay)
  })

  test('counts and charges calls whose clients have just left', async () => {
    const relay = await site.startRelay()
    const by = { ...(await customer()), model }
    const agent = new Agent({ keepAlive: true })
    const streams = Array.from({ length: 10 }, () =>
      begin(relay.url, { ...by, agent, say: '[[repeat:400]]' }),
    )
    const plain = call(relay.url, { ...by, agent, say: '[[slow:600]] [[repeat:7]]' })
    await Promise.all(streams.map(({ begun }) => begun))
    await eventually('all are forwarded', () => site.upstream.openRequests() === 11)
    agent.destroy()
    relay.sigterm()
    await Promise.all([plain, ...streams.map((stream) => stream.ended)])
    await expectGoodEnd(relay)
    const rows = await rowsOf(by)
    assert.equal(rows.length, 11)
    for (const row of rows) {
      assert.equal(row.outcome, 'disconnected')
      assert.ok(row.cost > 0)
      const { promptTokens, completionTokens } = servedFor(row, site.upstream)
      const most = priceOf(model, promptTokens, completionTokens)
      if (row.source === 'upstream') assert.equal(row.cost, most)
      else assert.ok(row.cost <= most)
    }
  })

  test('ends what outlasts the limit with an error, and charges what was delivered', async () => {
    const relay = await site.startRelay({ shutdown: { drainMsMax: 300, cutMsMax: 20_000 } })
    const by = { ...(await customer()), model }
    const stream = begin(relay.url, { ...by, say: '[[endless]]' })
    await stream.begun
    const plain = call(relay.url, { ...by, say: '[[slow:60000]]' })
    await eventually('both are forwarded', () => site.upstream.openRequests() === 2)
    relay.sigterm()
    const [cut, refused] = await Promise.all([stream.ended, plain])
    await expectGoodEnd(relay)
    assert.ok(!cut.isComplete)
    assert.match(cut.text, /\n\ndata: \{"error":\{.*"overloaded"\}\}\n\n$/)
    // No 503: a proxy would make the call again, which the upstream is at work on.
    assert.deepEqual([refused.status, errorOf(refused).code], [502, 'overloaded'])
    const rows = await rowsOf(by)
    const found = rows.map(({ outcome, status }) => [outcome, status])
    assert.deepEqual(found, [
      ['failed', 200],
      ['failed', 502],
    ])
    const [begun, unbegun] = rows
    assert.ok(begun && unbegun)
    const { promptTokens, completionTokens } = servedFor(begun, site.upstream)
    assert.ok(begun.cost > 0)
    assert.ok(begun.cost <= priceOf(model, promptTokens, completionTokens))
    assert.equal(unbegun.cost, 0)
  })
})
