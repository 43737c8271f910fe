import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { billOf, callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { createLane, type Lane } from '../db/db.server.ts'
import { createKey, revokeKey } from '../keys/keys.server.ts'

const books = await testBooks()
after(books.close)

/** What is answered in place of the rows that a lagging node has yet to hear of. */
type Lag = (statement: string, rows: unknown) => unknown

/**
 * A lane to a node of a cluster that lags: where a transaction does not ask for all, `lag` says what
 * it sees. It notes of each transaction whether it did.
 */
function laggingLane(url: string, lag: Lag, asked: boolean[]): Lane {
  const lane = createLane(url)
  let sees = false
  return {
    ...lane,
    mayLag: () => true,
    async send(batch, how = {}) {
      if (!how.continues) asked.push((sees = how.all === true))
      const rows = await lane.send(batch, how)
      return sees ? rows : rows.map((row, i) => lag(batch[i]?.statement.name ?? '', row))
    },
  }
}

function laggingLedger(lag: Lag) {
  const asked: boolean[] = []
  const laneOf = (url: string) => laggingLane(url, lag, asked)
  return { ledger: books.ledger({ limits: { lanes: 1 }, laneOf }), asked }
}

const without =
  (name: string): Lag =>
  (statement, rows) =>
    statement === name ? [] : rows

describe('on a node that lags behind', () => {
  test('a grant is one at once: what others have changed would undo it', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const { ledger, asked } = laggingLedger((_, rows) => rows)
    await hold(ledger, callOf(customer), 100)
    assert.deepEqual(asked, [false])
  })

  test('nobody is refused for money, or a key, that has yet to be heard of', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const before: Lag = (statement, rows) =>
      statement === 'ledger/lock-accounts'
        ? (rows as object[]).map((row) => ({ ...row, balanceNanos: 0, balanceHeldNanos: 0 }))
        : rows
    const poor = laggingLedger(before)
    await hold(poor.ledger, callOf(customer), 100)
    assert.deepEqual(poor.asked, [false, true])
    const keyless = laggingLedger(without('ledger/read-keys'))
    await hold(keyless.ledger, callOf(customer), 100)
    assert.deepEqual(keyless.asked, [false, true])
  })

  test('a refusal that stands is written once', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 10 })
    const { ledger, asked } = laggingLedger((_, rows) => rows)
    const answer = await reserve(ledger, callOf(customer), 100)
    assert.ok(!answer.granted && answer.code === 'insufficient_balance')
    assert.deepEqual(asked, [false, true])
    const rows = await books.sql('select outcome from calls where account_id = ?', [
      customer.accountId,
    ])
    assert.deepEqual(rows, [{ outcome: 'refused' }])
  })

  test('a call that holds nothing is looked at with all there is, as its key may be revoked', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 10 })
    await revokeKey(books.pool, customer.accountId, customer.keyId)
    const unrevoked: Lag = (statement, rows) =>
      statement === 'ledger/read-keys'
        ? (rows as object[]).map((row) => ({ ...row, revoked: 0 }))
        : rows
    const { ledger } = laggingLedger(unrevoked)
    const answer = await reserve(ledger, callOf(customer), 0)
    assert.ok(!answer.granted && answer.code === 'invalid_api_key', JSON.stringify(answer))
  })

  test('a reservation that nobody waits for is released, though its hold is not there yet', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const call = callOf(customer)
    await hold(books.ledger(), call, 100)
    const { ledger, asked } = laggingLedger(without('ledger/read-holds'))
    const bill = billOf(0, { outcome: 'disconnected', statusCode: 499 })
    const released = await ledger.settle({ facts: call, bill, mayBeAbsent: true })
    assert.equal(released.state, 'settled')
    assert.deepEqual(asked, [false, true])
    assert.equal((await moneyOf(books, customer)).balanceHeld, 0)
  })

  test('a settlement whose hold is not there yet, after another node took over, is charged', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const call = callOf(customer)
    await hold(books.ledger(), call, 100)
    const { ledger } = laggingLedger(without('ledger/read-holds'))
    assert.equal((await settle(ledger, call, 60)).chargedNanos, 60)
  })

  test('a hold of a silent relay is released, though it is not there yet', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const call = callOf(customer)
    await hold(books.ledger(), call, 100)
    const { ledger } = laggingLedger(without('ledger/read-holds'))
    assert.equal((await ledger.lose({ facts: call })).state, 'settled')
  })

  test('the books agree', async () => {
    await expectCleanBooks(books.pool)
  })
})

describe('what must keep two nodes apart', () => {
  const bookedAt = async (accountId: number) =>
    (
      await books.sql<{ at: Date }>('select booked_at as at from accounts where id = ?', [
        accountId,
      ])
    )[0]?.at

  test('writes the account, even where it only reads below its lock', async () => {
    const { accountId } = await newCustomer(books.pool)
    // As if written by a server whose clock is ahead: now would be no change.
    await books.sql('update accounts set booked_at = booked_at + interval 1 hour where id = ?', [
      accountId,
    ])
    const before = await bookedAt(accountId)
    await createKey(books.pool, accountId, { name: 'another' })
    assert.ok(before && (await bookedAt(accountId))! > before)
  })

  test('and a release that finds nothing does, so that no COMMIT can come true behind it', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const before = await bookedAt(customer.accountId)
    const { ledger } = laggingLedger((_, rows) => rows)
    const bill = billOf(0, { outcome: 'disconnected', statusCode: 499 })
    const call = callOf(customer)
    assert.equal((await ledger.settle({ facts: call, bill, mayBeAbsent: true })).state, 'absent')
    assert.ok(before && (await bookedAt(customer.accountId))! > before)
  })
})

test('a double key after a COMMIT that nobody heard of is looked at, and is no refusal', async () => {
  const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
  const call = callOf(customer)
  let lists = 0
  const ledger = books.ledger({
    limits: { lanes: 1 },
    laneOf(url) {
      const lane = createLane(url)
      return {
        ...lane,
        async send(batch, how) {
          const answers = await lane.send(batch, how)
          // The first COMMIT is done and not heard of; then other nodes are in the way, some times.
          lists++
          if (lists === 2) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' })
          if (lists === 4 || lists === 7) throw Object.assign(new Error('double'), { errno: 1062 })
          return answers
        },
      }
    },
  })
  await hold(ledger, call, 100)
  assert.ok(lists >= 7, `${lists} lists`)
  assert.equal((await settle(ledger, call, 60)).chargedNanos, 60)
  assert.equal((await moneyOf(books, customer)).balance, 940)
})
