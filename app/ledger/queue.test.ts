import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { faultyLane, type FaultPlan } from '../../test/ledger/faulty-lane.ts'
import { callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'

const books = await testBooks()
after(books.close)

const ledgerWith = (plan: FaultPlan, reserveWaitMsMax = 60_000) =>
  books.ledger({ limits: { lanes: 1, reserveWaitMsMax }, laneOf: (url) => faultyLane(url, plan) })

test('connections that were lost do not count towards giving a reservation up for a lock', async () => {
  const customer = await newCustomer(books.pool, { balanceNanos: 100 })
  const lostFirst = 5
  const ledger = ledgerWith((_, index) => {
    if (index < lostFirst) return { kind: 'lost', after: 0 }
    return index === lostFirst ? { kind: 'errno', errno: 1213, after: 1 } : undefined
  })
  const call = callOf(customer)
  assert.ok((await reserve(ledger, call, 10)).granted)
  assert.equal((await settle(ledger, call, 10)).state, 'settled')
})

test('a reservation that others abort again and again is made, and made once', async () => {
  const customer = await newCustomer(books.pool, { balanceNanos: 100 })
  const ledger = ledgerWith((_, index) =>
    index < 20 ? { kind: 'errno', errno: 1213, after: 1 } : undefined,
  )
  const call = callOf(customer)
  assert.ok((await reserve(ledger, call, 10)).granted)
  assert.equal((await settle(ledger, call, 10)).state, 'settled')
})

test('whoever is done is answered while its neighbour in the batch still waits for a lock', async () => {
  const [free, locked] = [
    await newCustomer(books.pool, { balanceNanos: 100 }),
    await newCustomer(books.pool, { balanceNanos: 100 }),
  ]
  const mark = new RegExp(`where id in \\([^)]*\\b${locked.accountId}\\)`)
  let isLocked = true
  const plan: FaultPlan = (batch) =>
    isLocked && batch.some(({ sql }) => mark.test(sql))
      ? { kind: 'errno', errno: 1213, after: 1 }
      : undefined
  const ledger = ledgerWith(plan, 2_000)
  const calls = [callOf(free), callOf(locked)] as const
  const ends: string[] = []
  const first = reserve(ledger, calls[0], 10).then(() => ends.push('free'))
  const second = reserve(ledger, calls[1], 10).catch(() => ends.push('locked'))
  await Promise.all([first, second])
  assert.deepEqual(ends, ['free', 'locked'])
  // The one that was told no stays in the queue until its release is sure.
  isLocked = false
  await ledger.idle()
  assert.equal((await settle(ledger, calls[0], 10)).state, 'settled')
  assert.deepEqual(await books.sql('select * from holds'), [])
})

describe('a lone call is booked once, although its COMMIT is answered with', () => {
  // Failed in a handler, the binlog or a hook; a full disk; and one that nobody has heard of.
  for (const errno of [1180, 1181, 1598, 3100, 3101, 1026, 1030, 1105, 4_999])
    for (const wasDone of [true, false])
      test(`${errno}, and it had ${wasDone ? '' : 'not '}been done`, async () => {
        const steady = books.ledger()
        let failures = 0
        let given = ''
        const plan: FaultPlan = (batch) => {
          if (batch.at(-1)?.statement.name !== 'ledger/commit' || failures > 0) return undefined
          failures++
          return { kind: 'errno', errno, after: batch.length - Number(!wasDone) }
        }
        const ledger = books.ledger({
          limits: { lanes: 1 },
          laneOf: (url) => faultyLane(url, plan),
          failed: (event) => void (given += event === 'call_given_up' ? event : ''),
        })
        const customer = await newCustomer(books.pool, { balanceNanos: 100 })
        const call = callOf(customer)
        await hold(steady, call, 60)
        const { state, chargedNanos } = await settle(ledger, call, 40)
        assert.equal(state, wasDone ? 'repeated' : 'settled')
        assert.deepEqual([chargedNanos, failures, given], [40, 1, ''])
        failures = 0
        const next = callOf(customer)
        assert.ok((await reserve(ledger, next, 30)).granted)
        const { balance, balanceHeld } = await moneyOf(books, customer)
        assert.deepEqual([balance, balanceHeld, failures], [60, 30, 1])
        await settle(steady, next, 30)
        await expectCleanBooks(books.pool)
      })
})

test('a settlement that is neither taken nor refused, alone, is set aside, and others pass', async () => {
  const customer = await newCustomer(books.pool, { balanceNanos: 100 })
  const [odd, even] = [callOf(customer), callOf(customer)]
  let isOdd = true
  const mark = odd.callId.toString('hex')
  const events: string[] = []
  const ledger = books.ledger({
    limits: { lanes: 1 },
    laneOf: (url) =>
      faultyLane(url, (batch) => {
        const isIts = batch.some(({ statement, sql }) => {
          return statement.name === 'ledger/insert-calls' && sql.includes(mark)
        })
        return isOdd && isIts ? { kind: 'errno', errno: 4_999, after: 0 } : undefined
      }),
    failed: (event) => void events.push(event),
  })
  for (const call of [odd, even]) await hold(ledger, call, 10)
  const settling = settle(ledger, odd, 10)
  assert.equal((await settle(ledger, even, 10)).state, 'settled')
  await ledger.idle()
  assert.equal(await ledger.readiness(), 'ready')
  assert.ok(events.includes('settle_failed'), events.join())
  isOdd = false
  await ledger.tryGivenUp()
  assert.equal((await settling).state, 'settled')
  await expectCleanBooks(books.pool)
})

test('a settlement that a full disk keeps out waits for room, and is charged then', async () => {
  const customer = await newCustomer(books.pool, { balanceNanos: 100 })
  const call = callOf(customer)
  let [isFull, refusals] = [false, 0]
  const ledger = ledgerWith((batch) => {
    const isWrite = batch.at(-1)?.statement.name === 'ledger/commit' && isFull
    if (!isWrite) return undefined
    // For longer than a lone op is tried in one go.
    if (++refusals === 20) isFull = false
    return { kind: 'errno', errno: 1114, after: 1 }
  })
  await hold(ledger, call, 60)
  isFull = true
  assert.equal((await settle(ledger, call, 40)).state, 'settled')
  assert.equal(refusals, 20)
  await expectCleanBooks(books.pool)
})
