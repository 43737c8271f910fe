import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { createPool } from '../../app/db/db.server.ts'
import { makeCodes, redeemCode } from '../../app/payments/payments.server.ts'
import type { Galera } from '../../dev/servers/galera.ts'
import { identify, isAlive } from '../../dev/servers/procfs.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { openClusterSql, startTestCluster } from './own-cluster.ts'
import { newCustomer } from '../customer.ts'
import { byOwner } from '../owner.ts'
import { present } from '../present.ts'
import type { Sql } from '../sql.ts'
import { expectBilledOnce, expectNoneTooDear } from './expect-billed.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, type Site } from './site.ts'
import { isRefused, isWhole, startLoad, type Reply } from './steady-load.ts'

const many = 20
const opened = new Opened()
let cluster: Galera
let site: Site
let relays: RelayChild[]
/** What each node has, after all that was committed on any. */
let nodes: Sql[]
/** Half of all calls are one account's. */
let secrets: string[]

before(async () => {
  cluster = await startTestCluster(opened)
  const [here, there, third] = cluster.nodes
  await cluster.createDatabase('books')
  site = await openSite(opened, { databaseUrl: third.url('books') })
  const money = { planNanos: 1e9, balanceNanos: 1_000e9 }
  const [hot, ...others] = await Promise.all(
    Array.from({ length: 1 + many }, () => newCustomer(site.books.pool, money)),
  )
  assert.ok(hot)
  secrets = others.flatMap(({ secret }) => [secret, hot.secret])
  nodes = [here, there, third].map((node) => openClusterSql(opened, node.url('books')))
  for (const sql of nodes) assert.equal((await sql('select 1 from api_keys')).length, 1 + many)
  relays = await Promise.all(
    [here, there].map((node) => site.startRelay({ databaseUrl: node.url('books') })),
  )
})
after(async () => {
  const running = cluster.nodes.map(({ pid }) => present(identify(pid)))
  await opened.close()
  assert.deepEqual(running.filter(isAlive), [], 'no node is left behind')
})

const load = (seed: number) => {
  const urls = relays.map(({ url }) => url)
  return startLoad({ urls, secrets, model: 'whole-both', connections: 8, seed })
}

const logged = () => relays.map((relay) => relay.logged()).join('')

/** Every node has the same books, all is closed, and every call that came whole is billed once. */
async function expectRightBooks(heard: Reply[]) {
  for (const sql of nodes) await whenNothingIsHeld(sql)
  await expectCleanBooks(site.books.pool)
  await expectBilledOnce(site.books.sql, heard, site.upstream)
  await expectNoneTooDear(site.books.sql, site.upstream)
  const sums = `select count(*) as calls, cast(sum(cost_nanos) as char) as cost from calls`
  const [first, ...rest] = await Promise.all(nodes.map((sql) => sql(sums)))
  for (const other of rest) assert.deepEqual(other, first)
}

const ends = (heard: Reply[]) => {
  const counts: Record<string, number> = {}
  for (const { isComplete, status, broken, relay } of heard) {
    const end = `relay ${relay}: ${isComplete ? 'whole' : (broken ?? status)}`
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}

/** Every call came whole or was refused, and the books are right. */
async function expectNothingLost(t: TestContext, heard: Reply[]) {
  t.diagnostic(JSON.stringify(ends(heard)))
  assert.ok(
    heard.every((reply) => isWhole(reply) || isRefused(reply)),
    logged(),
  )
  await expectRightBooks(heard)
}

describe('two relays on two nodes of a cluster', () => {
  test('answer every call and charge it once, one account’s and many’s', async (t) => {
    const { more, end } = load(1)
    await Promise.all([more(0, 300, isWhole), more(1, 300, isWhole)])
    const heard = await end()
    t.diagnostic(JSON.stringify(ends(heard)))
    assert.deepEqual(
      heard.filter((reply) => !isWhole(reply)).map(({ text }) => text),
      [],
      logged(),
    )
    await expectRightBooks(heard)
  })

  test('credit a code once that is redeemed at both at once', async () => {
    const { codes } = await site.books.pool.transact((db) =>
      makeCodes(db, {
        name: 'race',
        valueNanos: 1e9,
        plan: null,
        codes: 1,
        uses: 2,
        expiresAt: null,
        actor: 'test',
      }),
    )
    const pools = cluster.nodes.slice(0, 2).map((node) => createPool(node.url('books')))
    const accounts = await Promise.all(
      Array.from({ length: 6 }, async () =>
        byOwner(site.books.pool, await newCustomer(site.books.pool)),
      ),
    )
    const code = present(codes[0]).code
    const asked = accounts.flatMap((owner) =>
      pools.map((pool) => redeemCode(pool, { ...owner, code })),
    )
    const states = (await Promise.all(asked)).map(({ state }) => state)
    await Promise.all(pools.map((pool) => pool.close()))
    assert.equal(states.filter((state) => state === 'redeemed').length, 2, states.join())
    await expectCleanBooks(site.books.pool)
  })

  test('lose nothing where a node is killed: one refuses, the other serves on', async (t) => {
    const { more, end } = load(2)
    await more(0, 50, isWhole)
    const [killed] = cluster.nodes
    await killed.kill9()
    await Promise.all([more(0, 5, isRefused), more(1, 100, isWhole)])
    await killed.rejoin()
    await Promise.all([more(0, 50, isWhole), more(1, 50, isWhole)])
    await expectNothingLost(t, await end())
  })

  test('refuse while the majority is away, and go on as if nothing had been', async (t) => {
    const { more, end } = load(3)
    await Promise.all([more(0, 20, isWhole), more(1, 20, isWhole)])
    const [, ...gone] = cluster.nodes
    for (const node of gone) node.freeze()
    await Promise.all([more(0, 20, isRefused), more(1, 20, isRefused)])
    for (const node of gone) node.wake()
    await cluster.untilWhole()
    await Promise.all([more(0, 50, isWhole), more(1, 50, isWhole)])
    await expectNothingLost(t, await end())
  })
})
