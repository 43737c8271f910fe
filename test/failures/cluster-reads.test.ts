import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createConnection, type Connection } from 'mysql2/promise'

import { removeGroup, setAccountGroup, setGroup } from '../../app/accounts/accounts.server.ts'
import { findOrSignUp } from '../../app/auth/sign-up.ts'
import { limits } from '../../app/config/limits.ts'
import {
  createLane,
  createPool,
  faultOf,
  migrate,
  written,
  type Pool,
} from '../../app/db/db.server.ts'
import { createAuthenticator, createKey, revokeKey } from '../../app/keys/keys.server.ts'
import { createLedger, credit } from '../../app/ledger/ledger.server.ts'
import { eventually } from '../../dev/command/eventually.ts'
import type { Galera } from '../../dev/servers/galera.ts'
import { startDemoUpstream } from '../../dev/fakes/upstream/demo-upstream.server.ts'
import {
  askOf,
  billOf,
  callOf,
  hold,
  ledgerOptions,
  openBooks,
  priceTestCalls,
  type Books,
  type LedgerChanges,
} from '../books.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { startTestCluster } from './own-cluster.ts'
import { newCustomer } from '../customer.ts'
import { testRedisUrl } from '../database.ts'
import { startTestRelay } from '../relay.ts'
import { call } from './client.ts'
import { Opened } from './opened.ts'
import { temporaryFolder } from './site.ts'

const opened = new Opened()
let cluster: Galera
/** Books at one node, and the pool and ledgers of a relay that has the other. */
let books: Books
let there: Pool
let urlThere: string

before(async () => {
  cluster = await startTestCluster(opened)
  await cluster.createDatabase('books')
  const [here, other] = cluster.nodes
  books = await openBooks(here.url('books'))
  opened.closeWith(() => books.close())
  await priceTestCalls(books)
  urlThere = other.url('books')
  there = createPool(urlThere)
  opened.closeWith(() => there.close())
})
after(() => opened.close())

function ledgerThere(options: LedgerChanges = {}) {
  const ledger = createLedger(urlThere, ledgerOptions({ limits: { lanes: 1 }, ...options }))
  opened.closeWith(() => ledger.close())
  return ledger
}

/** The other node hears of everything, and has none of it until `catchUp`. */
async function lag(): Promise<{ has(text: string): Promise<boolean>; catchUp(): Promise<void> }> {
  const db: Connection = await createConnection(urlThere)
  await db.query('flush tables with read lock')
  return {
    has: async (text) => {
      const [rows] = await db.query(text)
      return (rows as unknown[]).length > 0
    },
    async catchUp() {
      await db.query('unlock tables')
      await db.end()
    },
  }
}

/** Whoever asks for what was committed anywhere is kept waiting by a node that does not have it yet. */
const waits = `select 1 from information_schema.processlist
  where id <> connection_id() and info like '%wsrep_sync_wait%'`

/** Asks for it while the other node lags, which catches up only when it is waited for, or has answered. */
async function whileItLags<T>(change: () => Promise<string>, ask: () => Promise<T>): Promise<T> {
  const node = await lag()
  const isThere = await change()
  assert.equal(await node.has(isThere), false, 'the other node has it already')
  let isAnswered = false
  const answer = ask().finally(() => (isAnswered = true))
  const asked = eventually('to be waited for, or not', async () => isAnswered || node.has(waits))
  await Promise.allSettled([asked])
  await node.catchUp()
  await asked
  return answer
}

const release = billOf(0, { outcome: 'disconnected', statusCode: 499 })
const identity = () => ({
  provider: 'github' as const,
  providerUserId: randomUUID(),
  name: 'Somebody',
  email: null,
})

describe('while one node lags behind the other', () => {
  test('a key that was made at one is good at the other at once, and so is its money', async () => {
    const authenticate = createAuthenticator(there, 10)
    let by = { accountId: 0, keyId: 0, secret: '' }
    const caller = await whileItLags(
      async () => {
        by = await newCustomer(books.pool, { balanceNanos: 1_000 })
        return `select 1 from api_keys where id = ${by.keyId}`
      },
      () => authenticate({ header: (name) => (name === 'x-api-key' ? by.secret : null) }),
    )
    assert.deepEqual(caller, { accountId: by.accountId, keyId: by.keyId, secretNo: 0 })
  })

  test('money that was added at one is there at the other', async () => {
    const by = await newCustomer(books.pool)
    const ledger = ledgerThere()
    const first = await ledger.reserve({ facts: callOf(by), ask: askOf(100), lastTry: true })
    assert.ok(!first.granted)
    const given = { kind: 'grant', actor: 'test', note: null, planNanos: 0 } as const
    const answer = await whileItLags(
      async () => {
        const ref = randomUUID()
        await credit(books.pool, { accountId: by.accountId, ...given, balanceNanos: 100, ref })
        return `select 1 from entries where ref = '${ref}'`
      },
      () => ledger.reserve({ facts: callOf(by), ask: askOf(100), lastTry: true }),
    )
    assert.ok(answer.granted, JSON.stringify(answer))
  })

  test('a hold of the one is released by the other', async () => {
    const by = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const facts = callOf(by)
    const [ledgerHere, ledger] = [createLedger(books.url, ledgerOptions()), ledgerThere()]
    opened.closeWith(() => ledgerHere.close())
    // Its connection has seen all there was before.
    await ledger.settle({ facts: callOf(by), bill: release, mayBeAbsent: true })
    const released = await whileItLags(
      async () => {
        await hold(ledgerHere, facts, 100)
        return `select 1 from holds where account_id = ${by.accountId}`
      },
      () => ledger.settle({ facts, bill: release, mayBeAbsent: true }),
    )
    assert.equal(released.state, 'settled')
  })
})

describe('two nodes at once', () => {
  test('make no more keys of an account than it may have', async () => {
    const { accountId } = await newCustomer(books.pool)
    const most = limits.keys.perAccountMax
    for (let made = 1; made < most - 1; made++)
      await createKey(books.pool, accountId, { name: 'one of many' })
    const pools = [books.pool, there, books.pool, there]
    const made = await Promise.all(
      pools.map((pool) => createKey(pool, accountId, { name: 'last' })),
    )
    assert.equal(made.filter((key) => key !== undefined).length, 1)
    const text = 'select count(*) as total from api_keys where account_id = ?'
    const [row] = await books.sql<{ total: number }>(text, [accountId])
    assert.equal(row?.total, most)
  })

  test('credit one payment once, and sign one person up once', async () => {
    const { accountId } = await newCustomer(books.pool)
    const given = { kind: 'topup', actor: 'test', note: null, planNanos: 0 } as const
    const pay = { accountId, ...given, balanceNanos: 5, ref: randomUUID() }
    const paid = await Promise.all([books.pool, there].map((pool) => credit(pool, pay)))
    assert.deepEqual(paid.map(({ state }) => state).sort(), ['credited', 'repeated'])
    const who = identity()
    const people = await Promise.all([books.pool, there].map((pool) => findOrSignUp(pool, who)))
    assert.equal(new Set(people.map((person) => person.accountId)).size, 1)
    assert.deepEqual(people.map(({ isNew }) => isNew).sort(), [false, true])
  })

  test('leave no account in a group that was removed, or at what a group was before', async () => {
    const [actor, factor] = ['test', 9_000]
    const { accountId } = await newCustomer(books.pool)
    // Each of these is right by itself; which comes first is chance, and so is whether they meet.
    for (let round = 0; round < 24; round++) {
      const name = `group-${round}`
      await setGroup(books.pool, { name, factor, actor })
      const [joined] = await Promise.all([
        setAccountGroup(books.pool, { accountId, group: name, actor }),
        round % 2
          ? setGroup(there, { name, factor: 5_000, actor })
          : removeGroup(there, { name, actor }),
      ])
      assert.ok(joined.state === 'set' || round % 2 === 0, JSON.stringify(joined))
      await expectCleanBooks(books.pool)
    }
  })

  test('a release that finds no hold keeps a COMMIT that comes after it from making one', async () => {
    const by = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const facts = callOf(by)
    const lane = createLane(books.url)
    opened.closeWith(() => lane.close())
    await lane.send([
      written('ledger/begin', {}),
      written('ledger/lock-accounts', { ids: [by.accountId] }),
    ])
    const absent = await ledgerThere().settle({ facts, bill: release, mayBeAbsent: true })
    assert.equal(absent.state, 'absent')
    const opensHold = written('ledger/insert-holds', {
      holds: [
        {
          ...facts,
          planNanos: 0,
          balanceNanos: 100,
          relayId: Buffer.alloc(16),
          outputTokensMax: 1,
          streamed: 0,
        },
      ],
    })
    const commits = lane.send([opensHold, written('ledger/commit', {})], { continues: true })
    await assert.rejects(commits, (error) => faultOf(error) === 'again')
  })

  test('a revocation at one is before every later call at the other, free ones too', async () => {
    const by = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const ledger = ledgerThere()
    await hold(ledger, callOf(by), 1)
    for (const nanos of [0, 100]) {
      const { keyId } = (await createKey(books.pool, by.accountId, { name: 'short-lived' }).then(
        (key) => key && { keyId: key.id },
      ))!
      const answer = await whileItLags(
        async () => {
          await revokeKey(books.pool, by.accountId, keyId)
          return `select 1 from api_keys where id = ${keyId} and revoked_at is not null`
        },
        () => ledger.reserve({ facts: callOf({ ...by, keyId }), ask: askOf(nanos), lastTry: true }),
      )
      assert.ok(!answer.granted && answer.code === 'invalid_api_key', JSON.stringify(answer))
    }
  })
})

describe('relays that start at once on two nodes', () => {
  const names = readdirSync('sql/migrations').sort()

  test('migrate one database once, be it empty or of an older version', async () => {
    await cluster.createDatabase('older')
    const folder = join(temporaryFolder(opened), 'migrations')
    for (const name of names.slice(0, 17)) cpSync(join('sql/migrations', name), join(folder, name))
    const urls = cluster.nodes.slice(0, 2).map((node) => node.url('older'))
    const first = await Promise.all(urls.map((url) => migrate(url, { folder })))
    assert.deepEqual(first.flat().sort(), names.slice(0, 17))
    const then = await Promise.all(urls.map((url) => migrate(url)))
    assert.deepEqual(then.flat().sort(), names.slice(17))
  })

  test('come up on an empty database, and serve', async () => {
    await cluster.createDatabase('empty')
    const upstream = await startDemoUpstream({ pace: 'fast' })
    opened.closeWith(() => upstream.close())
    const relays = await Promise.all(
      cluster.nodes
        .slice(0, 2)
        .map((node) =>
          startTestRelay({ databaseUrl: node.url('empty'), redisUrl: testRedisUrl(), upstream }),
        ),
    )
    for (const relay of relays) opened.closeWith(() => relay.stop())
    const [one, two] = relays.map(({ services }) => services)
    assert.equal(one?.installation, two?.installation)
    const by = await newCustomer(one!.db, { balanceNanos: 1e9 })
    for (const { url } of relays)
      assert.ok((await call(url, { ...by, model: 'gpt-4o-mini' })).isComplete)
    await expectCleanBooks(two!.db)
  })
})

test('the books agree', async () => {
  await expectCleanBooks(books.pool)
  await expectCleanBooks(there)
})
