import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { createLedger, sweep, type Ledger } from '../../app/ledger/ledger.server.ts'
import { ledgerOptions } from '../books.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { expectBilledOnce, expectNoneTooDear } from './expect-billed.ts'
import { call, type Heard } from './client.ts'
import { whenTheDeadAreGone } from './connections.ts'
import { Opened } from './opened.ts'
import { silence } from '../time/silence.ts'
import { randomFrom, type Random } from '../random.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, type Site } from './site.ts'

const kills = 50
const clients = 30
/** Relays that start while others are under load. */
const spares = 2

const opened = new Opened()
let site: Site
let ledger: Ledger
let customers: Customer[]

before(async () => {
  site = await openSite(opened)
  ledger = createLedger(site.books.url, ledgerOptions())
  opened.closeWith(() => ledger.close())
  const money = { planNanos: 1e9, balanceNanos: 1_000e9 }
  const newOne = () => newCustomer(site.books.pool, money)
  customers = await Promise.all(Array.from({ length: 8 }, newOne))
})
after(() => opened.close())

/** One call of a mixed load: plain, streamed, with a pause, and with a client that leaves. */
function nextCall(random: Random) {
  const leaveAt = random.chance(0.15) ? random.whole(1, 2_000) : Infinity
  // Whoever leaves must find the answer still under way.
  const pauseMs = leaveAt < Infinity ? 500 : random.whole(1, 40)
  const pause = leaveAt < Infinity || random.chance(0.4) ? ` [[pause:${pauseMs}]]` : ''
  return {
    secret: random.oneOf(customers).secret,
    model: 'whole-both',
    isStreamed: random.chance(0.7),
    say: `[[repeat:${random.whole(1, 40)}]]${pause}`,
    leaveAt,
  }
}

/**
 * Loads the relay until it is killed, which happens as soon as the clients have together heard
 * `steps` times something: a piece of an answer or the end of one.
 */
async function loadAndKill(relay: RelayChild, random: Random, steps: number): Promise<Heard[]> {
  const agent = new Agent({ keepAlive: true })
  const heard: Heard[] = []
  const hear = () => {
    if (--steps === 0) relay.kill9()
  }
  const client = async () => {
    while (steps > 0) {
      const { leaveAt, ...given } = nextCall(random)
      const onBytes = (bytes: number) => {
        hear()
        if (bytes >= leaveAt) return 'leave' as const
      }
      heard.push(await call(relay.url, { ...given, agent, onBytes }))
      hear()
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  return heard
}

/** What another relay does a minute later, when the dead one's heart has not beaten since. */
async function sweepAfter(relay: RelayChild): Promise<number> {
  const { sql, pool } = site.books
  const found = await sql<{ id: Buffer }>('select id from relays where pid = ?', [relay.pid])
  for (const { id } of found) await silence(sql, id, 120)
  return sweep(pool, ledger)
}

describe('a relay killed under load', () => {
  test(`leaves clean books after one sweep, ${kills} times, and bills what was seen complete once`, async (t) => {
    const waiting = Array.from({ length: spares }, () => site.startRelay())
    const all: Heard[] = []
    let swept = 0
    for (let round = 0; round < kills; round++) {
      const relay = await waiting.shift()
      assert.ok(relay)
      if (round + spares < kills) waiting.push(site.startRelay())
      const random = randomFrom(round)
      const heard = await loadAndKill(relay, random, random.whole(1, 300))
      await relay.exited
      await whenTheDeadAreGone(site.books)
      swept += await sweepAfter(relay)
      const { holds } = await expectCleanBooks(site.books.pool)
      assert.equal(holds, 0, `no hold outlives relay ${round} and one sweep`)
      await expectBilledOnce(site.books.sql, heard, site.upstream)
      all.push(...heard)
    }
    const rows = await expectNoneTooDear(site.books.sql, site.upstream)
    const complete = all.filter(({ isComplete }) => isComplete).length
    const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length
    t.diagnostic(
      `${kills} kills, ${all.length} calls, ${complete} seen complete, ${count('completed')} ` +
        `completed, ${count('disconnected')} left, ${swept} holds swept`,
    )
    assert.ok(complete > kills && swept > kills, 'the kills fell into calls under way')
    assert.equal(count('lost'), swept)
  })
})
