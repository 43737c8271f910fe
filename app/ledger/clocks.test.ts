import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { callOf, hold, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { createLane, written, type Lane } from '../db/db.server.ts'
import { newCallId } from '../values/call-id.ts'
import { credit, LedgerAway, setPlan } from './ledger.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

/** A lane to a server whose clock is so far off, as two nodes of a cluster may be. */
function laneOffBy(seconds: number) {
  const text = `set timestamp = unix_timestamp(sysdate(3)) + ${seconds}`
  const setClock = { ...written('ledger/now', {}), sql: text }
  return (url: string): Lane => {
    const lane = createLane(url)
    return {
      send: async (batch, how) => (await lane.send([setClock, ...batch], how)).slice(1),
      close: () => lane.close(),
    }
  }
}

const fast = books.ledger({ laneOf: laneOffBy(7_200) })
const slow = books.ledger({ laneOf: laneOffBy(-7_200) })
const right = books.ledger()

const timesOf = async ({ accountId }: Customer) => {
  const text = 'select created_at as at from entries where account_id = ? order by seq'
  return (await sql<{ at: Date }>(text, [accountId])).map(({ at }) => at.getTime())
}

test('no entry is booked before the last one of its account, whatever the clocks say', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 10_000 })
  const { accountId } = customer
  for (const ledger of [fast, slow, right, slow]) {
    const calls = [callOf(customer), callOf(customer), callOf(customer)]
    await Promise.all(calls.map((call) => hold(ledger, call, 100)))
    await Promise.all(calls.map((call) => settle(ledger, call, 60)))
  }
  const given = { accountId, planNanos: 0, balanceNanos: 5, actor: 'test', note: null } as const
  await credit(pool, { ...given, kind: 'topup', ref: randomUUID() })
  await setPlan(pool, accountId, 500, 'test')
  await setPlan(pool, accountId, 700, 'test')
  const times = await timesOf(customer)
  assert.equal(times.length, 1 + 4 * 3 + 1 + 3)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  // The fast server's own hour stands: nothing was booked before it came to it.
  assert.ok(present(times.at(-1)) - present(times[0]) > 7_000_000)
  await expectCleanBooks(pool)
})

describe('a call that is dated by a clock that is off', () => {
  const day = 86_400_000
  const limits = { begunSecondsMax: day / 1_000 }
  const strict = books.ledger({ limits })
  const rowsOf = ({ accountId }: Customer) =>
    sql('select 1 from calls where account_id = ?', [accountId])

  test('is not let in, and has no row where it would be refused: its month may be gone', async () => {
    const [rich, poor] = [
      await newCustomer(pool, { balanceNanos: 1_000 }),
      await newCustomer(pool, { balanceNanos: 1 }),
    ]
    for (const customer of [rich, poor])
      for (const offMs of [-80 * day, 80 * day]) {
        const startedAt = new Date(Date.now() + offMs)
        const call = callOf(customer, { startedAt, callId: newCallId(startedAt.getTime()) })
        await assert.rejects(reserve(strict, call, 100), LedgerAway)
        assert.equal((await rowsOf(customer)).length, 0)
      }
    const call = callOf(rich, { startedAt: new Date(Date.now() - 60_000) })
    await hold(strict, call, 100)
    await settle(strict, call, 60)
    await expectCleanBooks(pool)
  })

  test('does not keep its account from calls when the clock is right again', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    // A server that was three days ahead has booked.
    await reserve(books.ledger({ laneOf: laneOffBy(3 * 86_400) }), callOf(customer), 10)
    await assert.rejects(
      reserve(books.ledger({ limits, laneOf: laneOffBy(3 * 86_400) }), callOf(customer), 10),
      LedgerAway,
    )
    await hold(strict, callOf(customer), 10)
  })
})

test('entries are booked at the time of the database, where its clock is right', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 1_000 })
  const now = async () =>
    present((await sql<{ at: Date }>('select current_timestamp(3) as at'))[0]).at
  const before = await now()
  const call = callOf(customer)
  await hold(right, call, 100)
  await settle(right, call, 60)
  const [, charged] = await timesOf(customer)
  assert.ok(charged)
  assert.ok(before.getTime() <= charged && charged <= (await now()).getTime())
})
