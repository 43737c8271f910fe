import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { callOf, hold, moneyOf, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, newKey } from '../../test/customer.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { createLane } from '../db/db.server.ts'
import { retain } from '../usage/usage.server.ts'
import { newCallId } from '../values/call-id.ts'
import { slotOf } from '../values/zones/zone-days.ts'
import { repairTotals, verify } from './ledger.server.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const { pool, sql, url } = books

const ledger = books.ledger()
/** As a relay of a version that knew nothing of these totals. */
const olderLedger = (...unknown: string[]) =>
  books.ledger({
    laneOf: () => {
      const lane = createLane(url)
      const known = (name: string) => !unknown.includes(name)
      return {
        send: (batch, how) =>
          lane.send(
            batch.filter(({ statement: { name } }) => known(name)),
            how,
          ),
        close: () => lane.close(),
      }
    },
  })

const noNote = { note: () => Promise.resolve() }
const look = () => repairTotals(pool, { apply: false, ...noNote })
const mend = () => repairTotals(pool, { apply: true, ...noNote })
const customer = () => newCustomer(pool, { planNanos: 5_000, balanceNanos: 1_000_000 })

/** One call after another, until it is told to stop. */
function goOn(through: typeof ledger, by: Awaited<ReturnType<typeof customer>>) {
  let isOver = false
  const calls = (async () => {
    let made = 0
    for (; !isOver; made++) {
      const call = callOf(by)
      await hold(through, call, 30)
      await settle(through, call, 1 + (made % 29))
    }
    return made
  })()
  return { stop: () => ((isOver = true), calls) }
}
async function charge(through: typeof ledger, by: Awaited<ReturnType<typeof customer>>, nanos = 7) {
  const call = callOf(by)
  await hold(through, call, 30)
  await settle(through, call, nanos)
}

const rollups: [what: string, ...unknown: string[]][] = [
  ['account_quarters', 'ledger/add-account-quarters'],
  [
    'usage_quarters, nor account_quarters',
    'ledger/add-usage-quarters',
    'ledger/add-account-quarters',
  ],
]

describe('totals that an older relay left out are made anew while calls go on', () => {
  for (const [what, ...unknown] of rollups) {
    test(`where it does not write ${what}`, async () => {
      const old = olderLedger(...unknown)
      const [one, other] = [await customer(), await customer()]
      const second = await newKey(pool, one.accountId)
      for (const by of [one, second, other]) {
        for (let i = 0; i < 3; i++) await Promise.all([charge(ledger, by), charge(old, by, 11)])
      }
      assert.notDeepEqual((await verify(pool, readCosts)).differences, [])

      const load = [goOn(ledger, one), goOn(ledger, second), goOn(ledger, other)]
      const seen = await look()
      assert.equal(seen.accounts, 2)
      const [mended, again] = await Promise.all([mend(), mend()])
      assert.ok(mended.accounts + again.accounts >= 2)
      assert.deepEqual([...mended.left, ...again.left], [])
      const made = await Promise.all(load.map((it) => it.stop()))
      assert.ok(made.every((calls) => calls > 0))
      await expectCleanBooks(pool)
      assert.equal((await look()).total, 0)
    })
  }
})

test('looking changes nothing, and says of each total by how much it is off', async () => {
  const by = await customer()
  await charge(ledger, by, 7)
  await sql(
    'update usage_quarters set calls = calls + 2, cost_nanos = cost_nanos - 5 where key_id = ?',
    [by.keyId],
  )
  await sql('update api_keys set spent_nanos = 100 where id = ?', [by.keyId])
  const { changes, total } = await look()
  assert.equal(total, 2)
  assert.match(changes[0]!.subject, new RegExp(`^account ${by.accountId} day `))
  assert.equal(changes[0]!.change, 'calls -2, cost +5')
  assert.deepEqual(changes[1], {
    check: 'keys',
    subject: `key ${by.keyId}`,
    change: 'spent 100 to 7',
  })
  assert.deepEqual((await look()).changes, changes)
  await mend()
})

test('a total in the wrong place is found where the sums agree', async () => {
  const by = await customer()
  await charge(ledger, by)
  await sql(`update usage_quarters set model = 'another' where key_id = ?`, [by.keyId])
  assert.equal(
    (await look()).changes[0]?.change,
    'between keys, models, statuses, outcomes or times of the day',
  )
  await mend()
})

test('what is held is what open holds say, of an account and of each key', async () => {
  const by = await customer()
  const open = callOf(by)
  await hold(ledger, open, 6_000)
  await sql(`update accounts set plan_held_nanos = 1, balance_held_nanos = 2 where id = ?`, [
    by.accountId,
  ])
  await sql('update api_keys set held_nanos = 3 where id = ?', [by.keyId])
  const { accounts, mended } = await mend()
  assert.deepEqual([accounts, mended], [1, 1])
  const { planHeld, balanceHeld } = await moneyOf(books, by)
  assert.deepEqual([planHeld, balanceHeld], [5_000, 1_000])
  await settle(ledger, open, 5_500)
})

test('stopped anywhere it is taken up again, and no change is made without its note', async () => {
  const byAll = [await customer(), await customer(), await customer()]
  for (const by of byAll) await charge(ledger, by)
  await sql('delete from usage_quarters where account_id >= ?', [byAll[0]!.accountId])
  let notes = 0
  const stopped = repairTotals(pool, {
    apply: true,
    note: () => (++notes > 1 ? Promise.reject(new Error('killed')) : Promise.resolve()),
  })
  await assert.rejects(stopped, /killed/)
  const days = await sql('select account_id from usage_quarters where account_id >= ?', [
    byAll[0]!.accountId,
  ])
  assert.equal(days.length, 1)
  await mend()
})

describe('of days whose calls are dropped', () => {
  const longAgo = '2026-11-02'
  const now = new Date('2027-02-10T00:00:00Z')

  test('totals are kept; what follows from them is made anew; what cannot be told is said', async () => {
    const by = await customer()
    const chargeOn = async (day: string, nanos: number) => {
      const startedAt = new Date(`${day}T12:00:00Z`)
      const call = callOf(by, { callId: newCallId(startedAt.getTime()), startedAt })
      await hold(ledger, call, 30)
      await settle(ledger, call, nanos)
    }
    await chargeOn(longAgo, 9)
    await chargeOn('2027-02-05', 4)
    const { state, dropped } = await retain(pool, url, { months: 1, now })
    assert.equal(state, 'done')
    assert.ok(dropped.length > 0)
    await sql('delete from account_quarters where account_id = ?', [by.accountId])
    await sql('update api_keys set spent_nanos = 0 where id = ?', [by.keyId])
    await mend()
    await expectCleanBooks(pool)

    const slot = slotOf(Date.parse(`${longAgo}T12:00:00Z`))
    const kept = 'update usage_quarters set calls = calls + ? where account_id = ? and slot = ?'
    await sql(kept, [1, by.accountId, slot])
    await sql('update api_keys set spent_nanos = 1 where id = ?', [by.keyId])
    const { left, mended } = await mend()
    assert.equal(mended, 0)
    assert.deepEqual(
      left.map(({ subject }) => subject),
      [`account ${by.accountId}`],
    )
    assert.match(left[0]!.why, /there were 1 calls of 9, and the totals know of 2 of 9$/)
    await sql(kept, [-1, by.accountId, slot])
    await mend()
  })
})
