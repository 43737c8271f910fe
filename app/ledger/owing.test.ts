import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { faultyLane } from '../../test/ledger/faulty-lane.ts'
import { billOf, callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { limits } from '../config/limits.ts'
import { LedgerAway, type OwnLedger } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
const { pool, sql } = books
after(books.close)
afterEach(() => expectCleanBooks(pool))

const { owingInARowMax, settleTriesMax } = limits.ledger
const hour = 3_600_000
let clockMs = performance.now()
const turn = (ledger: OwnLedger) => ledger.tryGivenUp({ nowMs: (clockMs += hour) })
const customers = (count: number) =>
  Promise.all(Array.from({ length: count }, () => newCustomer(pool, { balanceNanos: 1_000 })))
/** A bill that the database refuses. */
function settleWrong(ledger: OwnLedger, facts: CallFacts) {
  const bill = billOf(10, { upstream: 'u'.repeat(51) })
  const settling = ledger.settle({ facts, bill })
  settling.catch(() => undefined)
  return settling
}
const takesNothingOf = (ledger: OwnLedger, facts: CallFacts) =>
  assert.rejects(reserve(ledger, facts, 10), LedgerAway)

describe('an account whose calls cannot be booked is let in no more', () => {
  test('until they can be, and others are', async () => {
    const ledger = books.ledger({ limits: { lanes: 1 } })
    const [damaged, other] = await customers(2)
    assert.ok(damaged && other)
    const call = callOf(damaged)
    await hold(ledger, call, 10)
    await settle(ledger, call, 10)
    const owed = callOf(damaged)
    await hold(ledger, owed, 10)
    // As after a restore that brought back half of the tables: its next entry is there already.
    await sql('update accounts set entry_seq = entry_seq - 1 where id = ?', [damaged.accountId])
    const settling = settle(ledger, owed, 10)
    await ledger.idle()
    await takesNothingOf(ledger, callOf(damaged))
    const fine = callOf(other)
    await hold(ledger, fine, 10)
    assert.equal((await settle(ledger, fine, 10)).state, 'settled')
    assert.equal(await ledger.readiness(), 'ready')
    await sql('update accounts set entry_seq = entry_seq + 1 where id = ?', [damaged.accountId])
    await turn(ledger)
    assert.equal((await settling).state, 'settled')
    const next = callOf(damaged)
    await hold(ledger, next, 10)
    await settle(ledger, next, 10)
    assert.equal((await moneyOf(books, damaged)).balance, 970)
  })

  test('until they are given up', async () => {
    const ledger = books.ledger({ limits: { lanes: 1 } })
    const [customer] = await customers(1)
    assert.ok(customer)
    const owed = [callOf(customer), callOf(customer)]
    for (const call of owed) await hold(ledger, call, 10)
    const ends = owed.map((call) => settleWrong(ledger, call))
    await ledger.idle()
    for (let tries = 0; tries < settleTriesMax; tries++) {
      await takesNothingOf(ledger, callOf(customer))
      await turn(ledger)
    }
    for (const end of ends) await assert.rejects(end)
    const next = callOf(customer)
    await hold(ledger, next, 10)
    await settle(ledger, next, 10)
  })
})

describe('what the database refuses of everybody is its failure', () => {
  test('although it takes a rehearsal: nothing more is let in, and all is charged', async () => {
    let isArmed = true
    const ledger = books.ledger({
      limits: { lanes: 1, reserveWaitMsMax: 300 },
      laneOf: (url) =>
        faultyLane(url, (batch) => {
          const isRehearsal = batch.some(({ sql: text }) => text.includes("'rehearsal"))
          const at = batch.findIndex(
            ({ statement }) => statement.name === 'ledger/add-account-quarters',
          )
          return isArmed && at >= 0 && !isRehearsal
            ? { kind: 'errno', errno: 1146, after: at }
            : undefined
        }),
    })
    const all = await customers(2 * owingInARowMax)
    const calls = all.map((customer) => callOf(customer))
    await Promise.all(calls.map((call) => hold(ledger, call, 10)))
    const settling = Promise.all(calls.map((call) => settle(ledger, call, 10)))
    const [stranger] = await customers(1)
    assert.ok(stranger)
    // A stranger who comes before five have failed in a row is let in, and rightly.
    while ((await ledger.readiness()) === 'ready') await setImmediate()
    assert.equal(await ledger.readiness(), 'database takes no writes')
    await takesNothingOf(ledger, callOf(stranger))
    isArmed = false
    await ledger.idle()
    while (ledger.owed().length) await turn(ledger)
    assert.deepEqual(new Set((await settling).map(({ state }) => state)), new Set(['settled']))
    assert.equal(await ledger.readiness(), 'ready')
    for (const customer of all) assert.equal((await moneyOf(books, customer)).balance, 990)
  })

  test('but not where others come through between', async () => {
    const ledger = books.ledger({ limits: { lanes: 1 } })
    const all = await customers(owingInARowMax + 2)
    for (const customer of all) {
      const [wrong, right] = [callOf(customer), callOf(customer)]
      await hold(ledger, wrong, 10)
      await hold(ledger, right, 10)
      settleWrong(ledger, wrong).catch(() => undefined)
      await ledger.idle()
      assert.equal((await settle(ledger, right, 10)).state, 'settled')
    }
    assert.equal(await ledger.readiness(), 'ready')
    await ledger.tryGivenUp({ isLast: true })
    const ids = all.map(({ accountId }) => accountId)
    const holds = () => sql('select 1 from holds where account_id in (?)', [ids])
    while ((await holds()).length) await turn(ledger)
  })

  test('and a rehearsal finds a column that is too short for what a bill may say', async () => {
    const ledger = books.ledger({ limits: { lanes: 1, reserveWaitMsMax: 300 } })
    const [customer, other] = await customers(2)
    assert.ok(customer && other)
    const call = callOf(customer)
    await hold(ledger, call, 10)
    const idOf = (chars: number) =>
      sql(`alter table calls modify upstream_request_id varchar(${chars})
             character set ascii collate ascii_bin null`)
    await idOf(3)
    const bill = billOf(10, { upstreamRequestId: 'request-1' })
    const settling = ledger.settle({ facts: call, bill })
    try {
      assert.equal(await ledger.readiness(), 'database takes no writes')
      await takesNothingOf(ledger, callOf(other))
    } finally {
      await idOf(100)
    }
    assert.equal((await settling).state, 'settled')
  })
})
