import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { present } from '../present.ts'
import type { Mariadb } from '../../dev/servers/mariadb.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { begin } from './begin.ts'
import { callsOf } from '../calls.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { expectBilledOnce, expectNoneTooDear } from './expect-billed.ts'
import { call, type Heard } from './client.ts'
import { whenTheDeadAreGone } from './connections.ts'
import { Opened } from './opened.ts'
import { randomFrom } from '../random.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, startOwnMariadb, type Site } from './site.ts'

const model = 'whole-both'
const clients = 15
const kills = 3

const opened = new Opened()
let mariadb: Mariadb
let proxy: TcpProxy
let site: Site
let relay: RelayChild
let known: Customer

before(async () => {
  const own = await startOwnMariadb(opened)
  mariadb = own.mariadb
  proxy = await startTcpProxy({ targetPort: mariadb.port })
  opened.closeWith(() => proxy.close())
  site = await openSite(opened, { databaseUrl: own.url })
  relay = await site.startRelay({ databaseUrl: proxy.through(own.url) })
  known = await newCustomer(site.books.pool, { balanceNanos: 100e9 })
  assert.ok((await call(relay.url, { ...known, model })).isComplete)
})
after(() => opened.close())

const customer = () => newCustomer(site.books.pool, { balanceNanos: 100e9 })

/** Whatever was under way is settled, and the relay works as before. */
async function expectRecovery() {
  const { books, upstream } = site
  await eventually('an answer', async () => {
    return (await call(relay.url, { ...known, model })).isComplete
  })
  await whenNothingIsHeld(books.sql)
  await expectCleanBooks(books.pool)
  await expectNoneTooDear(books.sql, upstream)
}

/** Plain and streamed calls, of a key the relay has seen and of one it has not. */
async function expectRefused(unknown: Customer) {
  const before = site.upstream.served().length
  const asked = [known, unknown].flatMap(({ secret }) =>
    [false, true].map((isStreamed) => call(relay.url, { secret, model, isStreamed })),
  )
  for (const { status, text, headers } of await Promise.all(asked)) {
    assert.deepEqual([status, /"overloaded"/.test(text)], [503, true], text)
    assert.match(headers['retry-after'] ?? '', /^\d+$/)
  }
  assert.equal(site.upstream.served().length, before, 'nothing was forwarded')
}

describe('with the database away at the reservation', () => {
  test('calls are answered 503 with when to come again, and nothing is forwarded', async () => {
    const unknown = await customer()
    proxy.refuse(true)
    proxy.dropAll()
    await expectRefused(unknown)
    proxy.refuse(false)
    await expectRecovery()
  })

  test('so they are when it is frozen, and no hold stays behind', async () => {
    const unknown = await customer()
    mariadb.pause()
    await expectRefused(unknown).finally(() => mariadb.resume())
    await expectRecovery()
  })
})

/** A stream and a plain call that are under way when `fault` comes, and end before `mend`. */
async function endDuring(fault: () => unknown, mend: () => unknown) {
  const by = { ...(await customer()), model }
  const agent = new Agent({ keepAlive: true })
  const before = site.upstream.served().length
  const stream = begin(relay.url, { ...by, agent, say: '[[repeat:30]] [[pause:500]]' })
  const plain = call(relay.url, { ...by, agent, say: '[[repeat:9]] [[slow:500]]' })
  await stream.begun
  await eventually('both are forwarded', () => site.upstream.served().length >= before + 2)
  await fault()
  const heard = await Promise.all([stream.ended, plain])
  await mend()
  assert.deepEqual(
    heard.map(({ isComplete }) => isComplete),
    [true, true],
  )
  await expectRecovery()
  await expectBilledOnce(site.books.sql, heard, site.upstream)
  const rows = await callsOf(site.books.sql, by)
  assert.equal(rows.length, 2)
  agent.destroy()
}

describe('with the database away at the settlement', () => {
  test('answers end while it is frozen, and are billed once when it has thawed', () =>
    endDuring(
      () => mariadb.pause(),
      () => mariadb.resume(),
    ))

  test('they are billed once also when it thaws after the relay has given the connection up', () => {
    const faults = () => relay.logged().split('ledger_batch_failed').length
    return endDuring(
      () => mariadb.pause(),
      async () => {
        const before = faults()
        await eventually('the relay has given up', () => faults() > before)
        mariadb.resume()
      },
    )
  })

  test('answers end while it is dead, and are billed once when it is back', () =>
    endDuring(
      () => mariadb.kill9(),
      () => mariadb.restart(),
    ))
})

/** Cuts the connection over which `pattern` goes; answers whether the commit took effect. */
async function loseReply(pattern: string, count: string, say: string) {
  const { books } = site
  const by = { ...(await customer()), model }
  const cut = proxy.cutAfterClientSends(pattern)
  const asked = call(relay.url, { ...by, say })
  await cut
  // The relay must not try again before we have looked.
  proxy.refuse(true)
  await whenTheDeadAreGone(books)
  const [row] = await books.sql<{ found: number }>(`select count(*) as found from ${count}`, [
    by.accountId,
  ])
  proxy.refuse(false)
  const heard = await asked
  assert.ok(heard.isComplete, heard.text)
  await whenNothingIsHeld(books.sql)
  await expectBilledOnce(books.sql, [heard], site.upstream)
  const rows = await callsOf(books.sql, by)
  assert.equal(rows.length, 1)
  return present(row).found
}

describe('with the answer to a COMMIT lost', () => {
  for (const [verb, pattern, count] of [
    ['reservation', 'insert into holds', 'holds where account_id = ?'],
    ['settlement', 'insert into entries', `calls where account_id = ?`],
  ] as const) {
    test(`of a ${verb}, the call is answered and billed once`, async (t) => {
      let committed = 0
      for (let n = 1; n <= 10; n++) committed += await loseReply(pattern, count, `[[repeat:${n}]]`)
      await expectRecovery()
      assert.ok(committed > 0, 'a lost answer can mean that the commit took effect')
      t.diagnostic(`${committed} of 10 had been committed`)
    })
  }
})

describe('a database killed under load', () => {
  test(`has every acknowledged call when it is back, ${kills} times`, async (t) => {
    const by = { ...(await customer()), model }
    const agent = new Agent({ keepAlive: true })
    const random = randomFrom(5)
    const heard: Heard[] = []
    let isOver = false
    const client = async () => {
      while (!isOver) {
        const say = `[[repeat:${random.whole(1, 30)}]]`
        heard.push(await call(relay.url, { ...by, agent, say, isStreamed: random.chance(0.5) }))
      }
    }
    const complete = () => heard.filter(({ isComplete }) => isComplete).length
    const load = Promise.all(Array.from({ length: clients }, client))
    for (let n = 0; n < kills; n++) {
      const enough = complete() + random.whole(50, 150)
      await eventually(`${enough} answers`, () => complete() >= enough)
      await mariadb.kill9()
      await mariadb.restart()
    }
    const enough = complete() + 50
    await eventually(`${enough} answers`, () => complete() >= enough)
    isOver = true
    await load
    agent.destroy()
    await expectRecovery()
    await expectBilledOnce(site.books.sql, heard, site.upstream)
    for (const { status } of heard) assert.ok(status === 200 || status === 503, String(status))
    t.diagnostic(`${kills} kills, ${complete()} calls acknowledged, none missing`)
  })
})
