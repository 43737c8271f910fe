import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { billOf, callOf, hold, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { operator, peopleInZones } from '../../test/people.ts'
import { present } from '../../test/present.ts'
import { setTimeZone } from '../accounts/accounts.server.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { everything, sumUsage } from '../usage/usage.server.ts'
import { removeMember } from '../teams/teams.server.ts'
import { newCallId } from '../values/call-id.ts'
import { dayMs } from '../values/days.ts'
import { foldDays, repairTotals, verify } from './ledger.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

/** A pool that dies after so many statements of its transactions. */
function dyingAfter(statements: number): typeof pool {
  let left = statements
  return {
    ...pool,
    transact: (work) =>
      pool.transact((db) =>
        work({
          send: (bound) => (left-- > 0 ? db.send(bound) : Promise.reject(new Error('dead'))),
        }),
      ),
  }
}

describe('a day that is folded', () => {
  const ledger = books.ledger()
  const zone = 'Asia/Kolkata'
  const ofCalls = async (accountId: number, from: string) => {
    const { totals } = await sumUsage(pool, accountId, { ...everything, zone, from, to: from })
    return [totals.calls, totals.costNanos]
  }

  test('is counted right when a call of it ends late, and again when it is folded anew', async () => {
    const late = await newCustomer(pool, { balanceNanos: 100_000 })
    await setTimeZone(pool, { ...late, zone, userId: null })
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
    await setTimeZone(pool, { ...busy, zone, userId: null })
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
    await setTimeZone(pool, { ...short, zone, userId: null })
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
      folded = await foldDays(dyingAfter(statements), now).then(
        () => true,
        (error: Error) => (assert.equal(error.message, 'dead'), false),
      )
      await expectCleanBooks(pool)
      assert.deepEqual(await ofCalls(short.accountId, '2026-07-05'), [1, 9])
    }
  })
})

/** One call of an account, begun and ended at this moment. */
async function callAt(customer: Customer, time: string) {
  const startedAt = new Date(time)
  const call = callOf(customer, { startedAt, callId: newCallId(startedAt.getTime()) })
  await hold(books.ledger(), call, 100)
  await settle(books.ledger(), call, 9)
}
const foldedZones = async ({ accountId }: Customer) => {
  const text = `select f.zone as zone, (select cast(sum(d.calls) as signed) from account_zone_days d
                        where d.account_id = f.account_id and d.zone = f.zone) as calls
                  from zone_folds f where f.account_id = ? order by f.zone`
  const rows = await sql<{ zone: string; calls: number }>(text, [accountId])
  return Object.fromEntries(rows.map(({ zone, calls }) => [zone, calls]))
}
/** How many rows there are of an account's days that no zone has. */
const strayDays = async ({ accountId }: Customer) => {
  const rows = ['usage_zone_days', 'account_zone_days'].map(
    (table) => `select count(*) as strays from ${table} d
                 where d.account_id = ${accountId} and d.zone not in
                       (select f.zone from zone_folds f where f.account_id = ${accountId})`,
  )
  const counted = await sql<{ strays: number }>(rows.join(' union all '))
  return counted.reduce((sum, { strays }) => sum + strays, 0)
}

describe('the zones by which an account is folded', () => {
  const now = Date.parse('2026-09-10T00:00:00Z')

  test('are its own and those of the people in it, and no others for good', async () => {
    const shared = await newCustomer(pool, { balanceNanos: 100_000 })
    await callAt(shared, '2026-09-01T12:00:00Z')
    await callAt(shared, '2026-09-04T12:00:00Z')
    const { accountId } = shared
    await setTimeZone(pool, { accountId, zone: 'Europe/Berlin', userId: null })
    const odd = Intl.supportedValuesOf('timeZone').filter((it) => it.startsWith('Antarctica/'))
    const people = await peopleInZones(books, accountId, odd.slice(0, 9))
    await foldDays(pool, now)
    const folded = await foldedZones(shared)
    assert.equal(Object.keys(folded).length, 8)
    assert.deepEqual([folded.UTC, folded['Europe/Berlin']], [2, 2])
    for (const userId of people) await removeMember(pool, { accountId, userId, by: operator })
    await peopleInZones(books, accountId, ['Asia/Tokyo'])
    await callAt(shared, '2026-09-08T12:00:00Z')
    await foldDays(pool, now)
    assert.deepEqual(await foldedZones(shared), { 'Asia/Tokyo': 3, 'Europe/Berlin': 3, UTC: 3 })
    assert.equal(await strayDays(shared), 0)
    await expectCleanBooks(pool)
  })

  test('are those of people who came when nobody called any more, too', async () => {
    const quiet = await newCustomer(pool, { balanceNanos: 100_000 })
    await callAt(quiet, '2026-09-01T12:00:00Z')
    await foldDays(pool, now)
    assert.deepEqual(await foldedZones(quiet), { UTC: 1 })
    await peopleInZones(books, quiet.accountId, ['Asia/Kolkata'])
    await foldDays(pool, now)
    assert.deepEqual(await foldedZones(quiet), { 'Asia/Kolkata': 1, UTC: 1 })
  })

  test('are let go a few days a time, which can be stopped anywhere and turned back', async () => {
    const moving = await newCustomer(pool, { balanceNanos: 100_000 })
    const { accountId } = moving
    const [person] = await peopleInZones(books, accountId, ['Asia/Tokyo'])
    for (const day of [1, 3, 5, 7]) await callAt(moving, `2026-09-0${day}T12:00:00Z`)
    await foldDays(pool, now)
    await removeMember(pool, { accountId, userId: present(person), by: operator })
    await callAt(moving, '2026-09-08T12:00:00Z')
    for (let statements = 1; statements < 9; statements += 3) {
      await foldDays(dyingAfter(statements), now).catch(() => undefined)
      await expectCleanBooks(pool)
    }
    await peopleInZones(books, accountId, ['Asia/Tokyo'])
    await foldDays(pool, now)
    assert.deepEqual(await foldedZones(moving), { 'Asia/Tokyo': 5, UTC: 5 })
    await expectCleanBooks(pool)
  })

  test('are looked at without a lock where no day is over', async () => {
    const busy = await newCustomer(pool, { balanceNanos: 100_000 })
    await peopleInZones(books, busy.accountId, ['Asia/Tokyo', 'Europe/Berlin'])
    await callAt(busy, '2026-09-01T12:00:00Z')
    await callAt(busy, '2026-09-09T21:00:00Z')
    await foldDays(pool, now)
    let transactions = 0
    const counting: typeof pool = {
      ...pool,
      transact: (work) => {
        transactions++
        return pool.transact(work)
      },
    }
    assert.equal(await foldDays(counting, now), 0)
    assert.equal(transactions, 0)
  })
})

test('an account that cannot be folded does not keep the others from it, and is told of', async () => {
  const customers = [1, 2, 3].map(() => newCustomer(pool, { balanceNanos: 100_000 }))
  const [first, broken, last] = await Promise.all(customers)
  assert.ok(first && broken && last)
  for (const it of [first, broken, last]) await callAt(it, '2026-10-01T12:00:00Z')
  await sql(`create trigger broken_days before insert on usage_zone_days for each row
             if new.account_id = ${broken.accountId} then
               signal sqlstate '45000' set message_text = 'this account is broken';
             end if`)
  const now = Date.parse('2026-10-10T00:00:00Z')
  await assert.rejects(foldDays(pool, now), /this account is broken/)
  await sql('drop trigger broken_days')
  assert.deepEqual([await foldedZones(first), await foldedZones(last)], [{ UTC: 1 }, { UTC: 1 }])
  assert.deepEqual(await foldedZones(broken), {})
  await foldDays(pool, now)
  assert.deepEqual(await foldedZones(broken), { UTC: 1 })
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
