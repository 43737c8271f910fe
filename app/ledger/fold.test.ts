import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { billOf, callOf, hold, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { everything, sumUsage } from '../usage/usage.server.ts'
import { newCallId } from '../values/call-id.ts'
import { dayMs } from '../values/days.ts'
import { foldDays, repairTotals, verify, wantZone } from './ledger.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

describe('a day that is folded', () => {
  const ledger = books.ledger()
  const zone = 'Asia/Kolkata'
  const ofCalls = async (accountId: number, from: string) => {
    const { totals } = await sumUsage(pool, accountId, { ...everything, zone, from, to: from })
    return [totals.calls, totals.costNanos]
  }

  test('is counted right when a call of it ends late, and again when it is folded anew', async () => {
    const late = await newCustomer(pool, { balanceNanos: 100_000 })
    await wantZone(pool, late.accountId, zone)
    const at = (time: string) => {
      const startedAt = new Date(time)
      return callOf(late, { startedAt, callId: newCallId(startedAt.getTime()) })
    }
    // Half an hour before, and at, midnight in Kolkata.
    const [before, open, other] = [
      at('2026-05-09T18:00:00Z'),
      at('2026-05-09T18:30:00Z'),
      at('2026-05-12T00:00:00Z'),
    ]
    for (const call of [before, open, other]) await hold(ledger, call, 100)
    await settle(ledger, before, 70)
    await settle(ledger, other, 7)
    const now = Date.parse('2026-05-15T00:00:00Z')
    await foldDays(pool, now)
    await expectCleanBooks(pool)
    const marks =
      'select cast(before_day as char) as day from zone_folds where account_id = ? and zone = ?'
    const marked = async () => (await sql<{ day: string }>(marks, [late.accountId, zone]))[0]?.day
    assert.equal(await marked(), '2026-05-14')
    assert.deepEqual(await ofCalls(late.accountId, '2026-05-10'), [0, 0])

    await settle(ledger, open, 50)
    assert.deepEqual(await ofCalls(late.accountId, '2026-05-10'), [1, 50])
    assert.deepEqual(await ofCalls(late.accountId, '2026-05-09'), [1, 70])
    assert.equal(await marked(), '2026-05-09')
    await expectCleanBooks(pool)

    await foldDays(pool, now)
    assert.equal(await marked(), '2026-05-14')
    assert.deepEqual(await ofCalls(late.accountId, '2026-05-10'), [1, 50])
    assert.deepEqual(await ofCalls(late.accountId, '2026-05-12'), [1, 7])
    await expectCleanBooks(pool)
  })

  test('is folded by two at once while calls of it end, and none is lost or counted twice', async () => {
    const busy = await newCustomer(pool, { balanceNanos: 1_000_000 })
    await wantZone(pool, busy.accountId, zone)
    const startMs = Date.parse('2026-06-01T18:30:00Z')
    const calls = Array.from({ length: 60 }, (_, i) => {
      const startedAt = new Date(startMs + i * 3_600_000)
      return callOf(busy, { startedAt, callId: newCallId(startedAt.getTime()) })
    })
    for (const call of calls) await hold(ledger, call, 100)
    const ending = calls.map((facts) => ledger.settle({ facts, bill: billOf(11) }))
    const now = startMs + 10 * dayMs
    const folding = [1, 2].map(() => foldDays(pool, now))
    await Promise.all([...ending, ...folding])
    await expectCleanBooks(pool)
    await foldDays(pool, now)
    await expectCleanBooks(pool)
    const { totals } = await sumUsage(pool, busy.accountId, { ...everything, zone })
    assert.deepEqual([totals.calls, totals.costNanos], [60, 660])
  })

  test('is stopped anywhere, and goes on where it was', async () => {
    const short = await newCustomer(pool, { balanceNanos: 100_000 })
    await wantZone(pool, short.accountId, zone)
    for (const startedAt of ['2026-07-01T12:00:00Z', '2026-07-04T20:00:00Z'].map(
      (it) => new Date(it),
    )) {
      const call = callOf(short, { startedAt, callId: newCallId(startedAt.getTime()) })
      await hold(ledger, call, 100)
      await settle(ledger, call, 9)
    }
    const now = Date.parse('2026-07-10T00:00:00Z')
    let folded = false
    for (let statements = 0; !folded; statements++) {
      let left = statements
      const dying: typeof pool = {
        ...pool,
        transact: (work) =>
          pool.transact((db) =>
            work({
              send: (bound) => (left-- > 0 ? db.send(bound) : Promise.reject(new Error('dead'))),
            }),
          ),
      }
      folded = await foldDays(dying, now).then(
        () => true,
        (error: Error) => (assert.equal(error.message, 'dead'), false),
      )
      await expectCleanBooks(pool)
      assert.deepEqual(await ofCalls(short.accountId, '2026-07-05'), [1, 9])
    }
  })
})

test('verify finds a day that is not what its quarters are, and one that is not there', async () => {
  const other = await newCustomer(pool, { balanceNanos: 100_000 })
  const startedAt = new Date('2026-08-01T12:00:00Z')
  const call = callOf(other, { startedAt, callId: newCallId(startedAt.getTime()) })
  await hold(books.ledger(), call, 100)
  await settle(books.ledger(), call, 9)
  await foldDays(pool, Date.parse('2026-08-10T00:00:00Z'))
  const ofUtc = `account_id = ${other.accountId} and zone = 'UTC'`
  const found = async () =>
    (await verify(pool, readCosts)).differences.map(({ check, subject }) => `${check}: ${subject}`)
  const subject = `account ${other.accountId} zone UTC day`
  const key = `key ${other.keyId} model ${call.model} status 200 completed`
  await sql(`update usage_zone_days set calls = calls + 1 where ${ofUtc}`)
  assert.deepEqual(await found(), [`days of zones: ${subject} 2026-08-01 ${key}`])
  await sql(`update usage_zone_days set calls = calls - 1 where ${ofUtc}`)
  await sql(`delete from account_zone_days where ${ofUtc}`)
  assert.deepEqual(await found(), [
    `days of zones: ${subject} 2026-08-01 ${key}`,
    `account days of zones: ${subject} any`,
  ])
  await repairTotals(pool, { apply: true, note: () => Promise.resolve() })
  await expectCleanBooks(pool)
  const { totals } = await sumUsage(pool, other.accountId, everything)
  assert.deepEqual([totals.calls, totals.costNanos], [1, 9])
})
