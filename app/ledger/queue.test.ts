import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { faultyLane, type FaultPlan } from '../../dev/fakes/faulty-lane.ts'
import { callOf, reserve, settle, testBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'

const books = await testBooks()
after(books.close)

const ledgerWith = (plan: FaultPlan) =>
  books.ledger({ limits: { lanes: 1 }, laneOf: (url) => faultyLane(url, plan) })

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

test('whoever is done is answered while its neighbour in the batch still waits for a lock', async () => {
  const [free, locked] = [
    await newCustomer(books.pool, { balanceNanos: 100 }),
    await newCustomer(books.pool, { balanceNanos: 100 }),
  ]
  const mark = new RegExp(`where id in \\([^)]*\\b${locked.accountId}\\)`)
  let isLocked = true
  const ledger = ledgerWith((batch) =>
    isLocked && batch.some(({ sql }) => mark.test(sql))
      ? { kind: 'errno', errno: 1213, after: 1 }
      : undefined,
  )
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
