import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import { callOf, hold, reserve, settle, testBooks } from '../../../test/books.ts'
import { expectCleanBooks } from '../../../test/clean-books.ts'
import { newCustomer, newKey, type Customer } from '../../../test/customer.ts'
import { faultyLane } from '../../../test/ledger/faulty-lane.ts'
import { present } from '../../../test/present.ts'
import { run } from '../../db/db.server.ts'
import { credit, lockAccount, setThreshold, writeNotice, type Ledger } from '../ledger.server.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const { pool, sql } = books
const ledger = books.ledger()
const other = books.ledger()

const toldOf = async ({ accountId }: Customer) => {
  const rows = await sql<{ kind: string; payload: string }>(
    'select kind, payload from notices where account_id = ? order by created_at',
    [accountId],
  )
  return rows.map(({ kind, payload }) => [kind, JSON.parse(payload) as unknown])
}
const countOf = async (customer: Customer) => (await toldOf(customer)).length

/** A call from beginning to end, which costs this much. */
async function spend(customer: Customer, nanos: number, by: Ledger = ledger) {
  const call = callOf(customer)
  await hold(by, call, nanos)
  await settle(by, call, nanos)
}
const give = ({ accountId }: Customer, balanceNanos: number) =>
  credit(pool, {
    accountId,
    kind: 'topup',
    planNanos: 0,
    balanceNanos,
    ref: randomUUID(),
    actor: 'test',
    note: null,
  })

const setBelow = ({ accountId }: Customer, nanos: number | null) =>
  pool.transact(async (db) => setThreshold(db, present(await lockAccount(db, accountId)), nanos))

test('low credit is told once for each time that it falls below the threshold', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 1_000 })
  await spend(customer, 100)
  assert.equal(await countOf(customer), 0)
  await setBelow(customer, 500)
  await spend(customer, 400)
  assert.equal(await countOf(customer), 0)
  await spend(customer, 10)
  await Promise.all([1, 2, 3].map((i) => spend(customer, 10, i % 2 ? ledger : other)))
  assert.deepEqual(await toldOf(customer), [['balance.low', { creditNanos: 490, belowNanos: 500 }]])
  // Small change around the threshold is no news.
  await give(customer, 45)
  await spend(customer, 10)
  assert.equal(await countOf(customer), 1)
  await give(customer, 110)
  await spend(customer, 200)
  assert.equal(await countOf(customer), 2)
})

test('who sets a threshold above what is there is told when it was there and is not any more', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 100 })
  await setBelow(customer, 500)
  await spend(customer, 10)
  assert.equal(await countOf(customer), 0)
  await give(customer, 1_000)
  await setBelow(customer, null)
  await spend(customer, 1_000)
  assert.equal(await countOf(customer), 0)
})

test('a budget is told of at 80 and at 100 percent, once each, and anew when it is another', async () => {
  const payer = await newCustomer(pool, { balanceNanos: 10_000 })
  const customer = await newKey(pool, payer.accountId, { budgetNanos: 100 })
  await spend(customer, 79)
  assert.equal(await countOf(customer), 0)
  await spend(customer, 1)
  await spend(customer, 5, other)
  const fact = { keyId: customer.keyId, budgetNanos: 100, period: 'life' }
  assert.deepEqual(await toldOf(customer), [
    ['key.budget', { ...fact, percent: 80, spentNanos: 80 }],
  ])
  for (const by of [ledger, other]) {
    const { granted } = await reserve(by, callOf(customer), 50)
    assert.equal(granted, false)
  }
  assert.equal(await countOf(customer), 2)
  await sql('update api_keys set budget_nanos = 200 where id = ?', [customer.keyId])
  await spend(customer, 100)
  assert.equal(await countOf(customer), 3)
  await spend(customer, 15)
  assert.equal(await countOf(customer), 4)
  // One call that was too dear has used up nothing.
  const fresh = await newKey(pool, payer.accountId, { budgetNanos: 100 })
  await reserve(ledger, callOf(fresh), 101)
  assert.equal(await countOf(customer), 4)
})

test('a batch that is done again tells once, and one that is not done tells nothing', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 1_000, budgetNanos: 100 })
  await setBelow(customer, 950)
  let batches = 0
  const faulty = books.ledger({
    limits: { lanes: 1 },
    laneOf: (url) =>
      faultyLane(url, (batch, index) => {
        batches = index
        // Both of the settlement: its writes are rolled back once, and its COMMIT is then unheard.
        if (index === 3) return { kind: 'errno', errno: 1213, after: batch.length - 1 }
        return index === 6 ? { kind: 'lost', after: batch.length } : undefined
      }),
  })
  await spend(customer, 90, faulty)
  assert.ok(batches > 6)
  assert.deepEqual((await toldOf(customer)).map(([kind]) => kind).sort(), [
    'balance.low',
    'key.budget',
  ])
})

test('what a transaction tells of is told with it, once, or not at all', async () => {
  const customer = await newCustomer(pool)
  const { accountId } = customer
  const fact = { kind: 'payment.refunded', order: 'o', takenNanos: 1 } as const
  const about = `payment.refunded ${randomUUID()}`
  await assert.rejects(
    pool.transact(async (db) => {
      await writeNotice(db, { about, accountId, fact })
      throw new Error('it did not happen')
    }),
  )
  assert.equal(await countOf(customer), 0)
  await Promise.all([1, 2].map(() => writeNotice(pool, { about, accountId, fact })))
  assert.equal(await countOf(customer), 1)
})

// Where it did, both calls would wait until the end of the test.
test(
  'whoever has a notice locked, and stands still, holds up no call',
  { timeout: 60_000 },
  async () => {
    const payer = await newCustomer(pool, { balanceNanos: 10_000 })
    const customer = await newKey(pool, payer.accountId, { budgetNanos: 100 })
    await spend(customer, 85)
    assert.equal((await reserve(ledger, callOf(customer), 50)).granted, false)
    assert.equal(await countOf(customer), 2)
    let letGo = () => {}
    const end = new Promise<void>((resolve) => (letGo = resolve))
    let isLocked = () => {}
    const begun = new Promise<void>((resolve) => (isLocked = resolve))
    const spreading = pool.transact(async (db) => {
      for (const { id } of await run(db, 'notices/list-unspread', { rows: 1_000 }))
        await run(db, 'notices/mark-spread', { id })
      isLocked()
      await end
    })
    await begun
    const paid = spend(customer, 5).then(() => 'paid')
    const refused = reserve(ledger, callOf(customer), 50).then(() => 'refused')
    assert.deepEqual(await Promise.all([paid, refused]), ['paid', 'refused'])
    letGo()
    await spreading
  },
)
