import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'

import { testBooks } from '../../../test/books.ts'
import { expectCleanBooks } from '../../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../../test/customer.ts'
import type { Pool } from '../../db/db.server.ts'
import { bookPast, type PastCall, type Stretch } from '../ledger.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 9, 31, 21)
const costNanos = 100

/** Calls of which a later one may end before an earlier one, and some cost nothing. */
const patternOf = ({ keyId }: Customer, length: number): PastCall[] =>
  Array.from({ length }, (_, i) => ({
    keyId,
    model: 'gpt-test',
    priceId: 1,
    upstream: 'demo',
    upstreamRequestId: null,
    upstreamStatus: i % 4 ? 200 : 500,
    upstreamCode: i % 4 ? null : 'server_error',
    priceFactor: null,
    accountFactor: null,
    otherUnits: null,
    upstreamNanos: null,
    neededNanos: null,
    leftNanos: null,
    upstreamKey: null,
    tries: null,
    statusCode: i % 4 ? 200 : 502,
    errorCode: i % 4 ? null : 'upstream_error',
    outcome: i % 4 ? 'completed' : 'failed',
    streamed: 0,
    inputTokens: i % 4 ? costNanos : 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 20,
    reasoningTokens: 0,
    outputTokensMax: 100,
    usageSource: 'upstream',
    usageFlag: null,
    serviceTier: null,
    holdNanos: 200,
    costNanos: i % 4 ? costNanos : 0,
    firstByteMs: 1,
    totalMs: 2,
    attempts: 1,
    clientRetry: 0,
    client: null,
    startsMs: i * 1_000,
    endsMs: i * 1_000 + (i % 3) * 90_000,
  }))

/** Stretches of so many calls, an hour each; the first with what pays for all. */
const stretchesOf = (sizes: number[]): Stretch[] =>
  sizes.map((calls, hour) => ({
    startMs: startMs + hour * hourMs,
    calls,
    ...(hour === 0 && {
      grant: { balanceNanos: 100_000, ref: randomUUID(), actor: 'test', note: 'pays' },
    }),
  }))

const sizes = [5, 40, 0, 12, 60, 60]
const pastOf = (customer: Customer, stretches = stretchesOf(sizes)) => ({
  accountId: customer.accountId,
  pattern: patternOf(customer, 60),
  stretchMs: hourMs,
  stretches,
})

const callsOf = async ({ accountId }: Customer) => {
  const text = `select hour(started_at) as hour, count(*) as calls from calls
                 where account_id = ? group by day(started_at), hour(started_at) order by min(id)`
  return (await sql<{ calls: number }>(text, [accountId])).map(({ calls }) => calls)
}

/** Lets so many statements through, then dies as a process would: the transaction is not committed. */
function dyingAfter(statements: number): Pool {
  let left = statements
  return {
    ...pool,
    transact: (work) =>
      pool.transact((db) =>
        work({
          send(bound) {
            if (left-- <= 0) throw new Error('dead')
            return db.send(bound)
          },
        }),
      ),
  }
}

test('stretches of any size are booked in the order of time, each call once', async () => {
  const customer = await newCustomer(pool)
  const past = pastOf(customer)
  const booked = await bookPast(pool, past)
  assert.deepEqual(booked, { state: 'booked', calls: 177, costNanos: 132 * costNanos })
  assert.deepEqual(await callsOf(customer), [5, 40, 12, 60, 60])
  const text = `select e.created_at as at, c.ended_at as ended from entries e
                  left join calls c on c.id = e.call_id where e.account_id = ? order by e.seq`
  const entries = await sql<{ at: Date; ended: Date | null }>(text, [customer.accountId])
  assert.equal(entries.length, 133)
  assert.deepEqual(entries[0], { at: new Date(startMs), ended: null })
  for (const { at, ended } of entries.slice(1)) assert.deepEqual(at, ended)
  await expectCleanBooks(pool)
})

test('whatever statement it dies at, whole stretches are booked and the books agree', async () => {
  let booked: number[] = []
  for (let statements = 1; booked.length < 3; statements++) {
    const fresh = await newCustomer(pool)
    const past = pastOf(fresh)
    await assert.rejects(bookPast(dyingAfter(statements), past), /dead/)
    booked = await callsOf(fresh)
    assert.deepEqual(booked, [5, 40, 12, 60, 60].slice(0, booked.length))
    const again = await bookPast(pool, pastOf(fresh))
    if (booked.length === 0) assert.equal(again.state, 'booked')
    else assert.deepEqual(again, { state: 'refused', why: 'later entries', calls: 0, costNanos: 0 })
  }
  await expectCleanBooks(pool)
})

test('no key spends past its budget, no account what it has, and both are told', async () => {
  const costs = { 0: 3, 1: 3 + 30 } as const
  const thrifty = await newCustomer(pool, { budgetNanos: costs[1] * costNanos + 5 })
  const tooMuch = await bookPast(pool, pastOf(thrifty))
  assert.deepEqual(tooMuch, {
    state: 'refused',
    why: 'key budget',
    calls: 45,
    costNanos: costs[1] * costNanos,
  })
  const poor = await newCustomer(pool)
  const [first, ...rest] = stretchesOf(sizes)
  const grant = { ...first!.grant!, balanceNanos: costs[0] * costNanos }
  const unpaid = await bookPast(pool, pastOf(poor, [{ ...first!, grant }, ...rest]))
  assert.deepEqual(unpaid, {
    state: 'refused',
    why: 'not enough available',
    calls: 5,
    costNanos: costs[0] * costNanos,
  })
  const strange = await newCustomer(pool)
  const others = { ...pastOf(strange), pattern: patternOf(poor, 60) }
  assert.equal((await bookPast(pool, others)).state, 'refused')
  await expectCleanBooks(pool)
})

test('a call that would end after its stretch is a mistake, and books nothing', async () => {
  const customer = await newCustomer(pool)
  const past = { ...pastOf(customer), stretchMs: 60_000 }
  await assert.rejects(bookPast(pool, past), RangeError)
  assert.deepEqual(await callsOf(customer), [])
  await expectCleanBooks(pool)
})
