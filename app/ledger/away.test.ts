import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { startTcpProxy } from '../../test/failures/tcp-proxy.ts'
import {
  callOf,
  hold,
  ledgerOptions,
  moneyOf,
  reserve,
  settle,
  testBooks,
} from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { createLane } from '../db/db.server.ts'
import { createLedger, LedgerAway, type Ledger, type LedgerOptions } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
const { sql } = books
after(books.close)
afterEach(() => expectCleanBooks(books.pool))

/** On the short way to the database, which nobody cuts. */
const steady = books.ledger()
const impatient = { lanes: 1, reserveWaitMsMax: 1 }

type Relay = {
  ledger: Ledger
  proxy: Awaited<ReturnType<typeof startTcpProxy>>
  /** Resolves when the ledger next finds that something is wrong. */
  nextFault(): Promise<unknown>
}
/** As it ends a list of the ledger's; the session's setup says `read committed`. */
const commit = ';commit'
type Options = { limits?: Partial<LedgerOptions['limits']>; answerMsMax?: number }

/** Lends a ledger whose way to the database can be cut. */
async function withRelay({ limits, answerMsMax }: Options, work: (relay: Relay) => Promise<void>) {
  const proxy = await startTcpProxy({ targetPort: Number(new URL(books.url).port) })
  const faults = new EventEmitter()
  const ledger = createLedger(
    proxy.through(books.url),
    ledgerOptions({
      limits,
      laneOf: (url) => createLane(url, { answerMsMax }),
      onFault: () => faults.emit('fault'),
    }),
  )
  try {
    await work({ ledger, proxy, nextFault: () => once(faults, 'fault') })
  } finally {
    await ledger.close()
    await proxy.close()
  }
}
function cutOff({ proxy }: Relay) {
  proxy.refuse(true)
  proxy.dropAll()
}
const holdsOf = ({ accountId }: Customer) =>
  sql('select call_id from holds where account_id = ?', [accountId])
const endsOf = async ({ callId }: CallFacts) => {
  const rows = await sql<{ outcome: string; cost: number }>(
    'select outcome, cost_nanos as cost from calls where id = ?',
    [callId],
  )
  return rows.map(({ outcome, cost }) => `${outcome} ${cost}`)
}

describe('while the database is away', () => {
  test('a reservation is refused, and is not made when the database returns', () =>
    withRelay({ limits: impatient }, async (relay) => {
      const { ledger, proxy } = relay
      const customer = await newCustomer(books.pool, { balanceNanos: 100 })
      cutOff(relay)
      const call = callOf(customer)
      await assert.rejects(reserve(ledger, call, 100), LedgerAway)
      proxy.refuse(false)
      await ledger.idle()
      assert.deepEqual(await holdsOf(customer), [])
      // A try that was under way at that moment may have made it, and given it back.
      assert.ok(['', 'failed 0'].includes((await endsOf(call)).join()))
      await hold(steady, callOf(customer), 100)
    }))

  test('a settlement waits, and is made exactly once when the database returns', () =>
    withRelay({}, async (relay) => {
      const { ledger, proxy } = relay
      const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
      const calls = Array.from({ length: 20 }, () => callOf(customer))
      await Promise.all(calls.map((call) => hold(ledger, call, 10)))
      cutOff(relay)
      const settling = calls.map((call) => settle(ledger, call, 7))
      for (let tries = 0; tries < 3; tries++) await relay.nextFault()
      assert.equal(ledger.waiting(), 20)
      assert.deepEqual(await endsOf(present(calls[0])), [])
      proxy.refuse(false)
      for (const { state } of await Promise.all(settling)) assert.equal(state, 'settled')
      assert.equal((await moneyOf(books, customer)).balance, 1_000 - 20 * 7)
    }))

  test('a caller is told so also when the database is there and does not answer', () =>
    withRelay({ limits: impatient, answerMsMax: 200 }, async ({ ledger, proxy }) => {
      const customer = await newCustomer(books.pool, { balanceNanos: 100 })
      const settled = callOf(customer)
      await hold(steady, settled, 40)
      proxy.freeze(true)
      const call = callOf(customer)
      const settling = settle(ledger, settled, 30)
      await assert.rejects(reserve(ledger, call, 10), LedgerAway)
      proxy.freeze(false)
      assert.equal((await settling).chargedNanos, 30)
      await ledger.idle()
      assert.deepEqual(await holdsOf(customer), [])
    }))
})

describe('when a COMMIT takes effect and its answer is lost', () => {
  test('the reservation is granted, once', () =>
    withRelay({}, async ({ ledger, proxy }) => {
      const customer = await newCustomer(books.pool, { balanceNanos: 100 })
      const cut = proxy.cutAfterClientSends(commit)
      const call = callOf(customer)
      await hold(ledger, call, 60)
      await cut
      assert.equal((await holdsOf(customer)).length, 1)
      assert.equal((await moneyOf(books, customer)).balanceHeld, 60)
      assert.equal((await settle(ledger, call, 60)).state, 'settled')
    }))

  test('and the database stays away, the refused caller’s hold is given back later', () =>
    withRelay({ limits: impatient }, async (relay) => {
      const { ledger, proxy } = relay
      const customer = await newCustomer(books.pool, { balanceNanos: 100 })
      const call = callOf(customer)
      const cut = proxy.cutAfterClientSends(commit)
      const refused = assert.rejects(reserve(ledger, call, 60), LedgerAway)
      await cut
      cutOff(relay)
      await refused
      assert.equal((await holdsOf(customer)).length, 1)
      proxy.refuse(false)
      await ledger.idle()
      assert.deepEqual([await holdsOf(customer), await endsOf(call)], [[], ['failed 0']])
      assert.equal((await moneyOf(books, customer)).balance, 100)
    }))

  test('a refusal is written to the call log once', () =>
    withRelay({}, async ({ ledger, proxy }) => {
      const call = callOf(await newCustomer(books.pool, { balanceNanos: 10 }))
      const cut = proxy.cutAfterClientSends(commit)
      assert.equal((await reserve(ledger, call, 60)).granted, false)
      await cut
      assert.deepEqual(await endsOf(call), ['refused 0'])
    }))

  test('two hundred settlements are two hundred charges', async () => {
    const customers = await Promise.all(
      [1, 2, 3, 4].map(() => newCustomer(books.pool, { balanceNanos: 5_000 })),
    )
    const settleAll = (customer: Customer) =>
      withRelay({ limits: { lanes: 1 } }, async ({ ledger, proxy }) => {
        const calls = Array.from({ length: 50 }, () => callOf(customer))
        await Promise.all(calls.map((call) => hold(ledger, call, 100)))
        for (const call of calls) {
          const cut = proxy.cutAfterClientSends(commit)
          const { state, chargedNanos } = await settle(ledger, call, 9)
          await cut
          assert.deepEqual([state, chargedNanos], ['repeated', 9])
        }
      })
    await Promise.all(customers.map(settleAll))
    for (const customer of customers) {
      const charges = await sql<{ count: number }>(
        `select count(distinct call_id) as count, count(*) as total from entries
          where account_id = ? and kind = 'charge'`,
        [customer.accountId],
      )
      assert.deepEqual({ ...charges[0] }, { count: 50, total: 50 })
      assert.equal((await moneyOf(books, customer)).balance, 5_000 - 50 * 9)
    }
  })
})

test('a database that comes back again and again loses no call and bills none twice', () =>
  withRelay({ limits: { lanes: 2, batchOpsMax: 8 } }, async ({ ledger, proxy }) => {
    const customers = await Promise.all(
      [1, 2, 3, 4].map(() => newCustomer(books.pool, { balanceNanos: 9_000 })),
    )
    let done = 0
    const live = async (customer: Customer) => {
      for (let i = 0; i < 40; i++) {
        const call = callOf(customer)
        await hold(ledger, call, 100)
        if (i % 8 === 3) proxy.dropAll()
        assert.equal((await settle(ledger, call, 11)).chargedNanos, 11)
        done++
      }
    }
    await Promise.all(customers.map(live))
    assert.equal(done, 160)
    for (const customer of customers)
      assert.equal((await moneyOf(books, customer)).balance, 9_000 - 40 * 11)
  }))
