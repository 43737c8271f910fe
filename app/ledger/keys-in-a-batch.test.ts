import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import { callOf, hold, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { createKey } from '../keys/keys.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
/** What is pushed in one turn shares a batch. */
const ledger = books.ledger({ limits: { lanes: 1 } })

const rich = () => newCustomer(books.pool, { balanceNanos: 10_000, budgetNanos: 100 })
type KeyRow = { spent: string; held: number; usedAt: Date | null }
const keyOf = async ({ keyId }: { keyId: number }) => {
  const [row] = await books.sql<KeyRow>(
    `select cast(spent_nanos as char) as spent, held_nanos as held,
            last_used_at as usedAt
       from api_keys where id = ?`,
    [keyId],
  )
  return present(row)
}
const heldCall = async (customer: Customer, nanos: number): Promise<CallFacts> => {
  const call = callOf(customer)
  await hold(ledger, call, nanos)
  return call
}

/** What shares a batch with the reservation that is tried, and comes before it. */
type Together = () => Promise<unknown>

/** Of a budget of 100, `rest` is what the next reservation may take, and not one more. */
async function expectRest(rest: number, prepare: (customer: Customer) => Promise<Together>) {
  for (const nanos of [rest, rest + 1]) {
    const customer = await rich()
    const together = await prepare(customer)
    const [, answer] = await Promise.all([together(), reserve(ledger, callOf(customer), nanos)])
    if (nanos === rest) assert.ok(answer.granted, `${nanos} of ${rest}`)
    else assert.ok(!answer.granted && answer.code === 'key_budget_exceeded')
  }
}

describe('within one batch, what is left of a key’s budget', () => {
  test('is less by a settlement before it', () =>
    expectRest(40, async (customer) => {
      const call = await heldCall(customer, 60)
      return () => settle(ledger, call, 60)
    }))

  test('is more by what a settlement before it frees', () =>
    expectRest(90, async (customer) => {
      const call = await heldCall(customer, 60)
      return () => settle(ledger, call, 10)
    }))

  test('is less by a late settlement, whose hold the sweep had freed', () =>
    expectRest(40, async (customer) => {
      const call = await heldCall(customer, 60)
      await ledger.lose({ facts: call })
      return () => settle(ledger, call, 60)
    }))

  test('is what a reservation and its settlement before it leave', () =>
    expectRest(90, (customer) => {
      const call = callOf(customer)
      return Promise.resolve(() => {
        const both = [reserve(ledger, call, 60), settle(ledger, call, 10)]
        return Promise.all(both)
      })
    }))

  test('is less by a reservation that has yet to end', () =>
    expectRest(40, (customer) => Promise.resolve(() => reserve(ledger, callOf(customer), 60))))

  test('is its own: another key of the account changes nothing of it', () =>
    expectRest(100, async (customer) => {
      const other = await createKey(books.pool, customer.accountId, { name: 'other' })
      const call = await heldCall({ ...customer, keyId: present(other).id }, 60)
      return () => settle(ledger, call, 60)
    }))
})

test('a key is charged though a stranger asks with it in the same batch', async () => {
  const [stranger, owner] = [await rich(), await rich()]
  const call = callOf(owner)
  await hold(ledger, call, 60)
  const wrong = reserve(ledger, callOf({ ...stranger, keyId: owner.keyId }), 1)
  assert.equal((await settle(ledger, call, 60)).chargedNanos, 60)
  const no = await wrong
  assert.ok(!no.granted && no.code === 'invalid_api_key')
  const { spent, held } = await keyOf(owner)
  assert.deepEqual([spent, held], ['60', 0])
})

test('a key is used from its first reservation on', async () => {
  const customer = await rich()
  assert.equal((await keyOf(customer)).usedAt, null)
  const call = callOf(customer)
  await hold(ledger, call, 60)
  assert.notEqual((await keyOf(customer)).usedAt, null)
  await settle(ledger, call, 60)
})

test('what a key has spent is a whole number beyond what a float can say', async () => {
  const customer = await newCustomer(books.pool, { balanceNanos: 10_000 })
  const most = '9007199254740993'
  const set = 'update api_keys set spent_nanos = ? where id = ?'
  await books.sql(set, [most, customer.keyId])
  for (const cost of [2, 4]) {
    const call = callOf(customer)
    await hold(ledger, call, 10)
    assert.equal((await settle(ledger, call, cost)).state, 'settled')
  }
  assert.equal((await keyOf(customer)).spent, '9007199254740999')
  // The books know nothing of what this test has added.
  await books.sql(set, [6, customer.keyId])
})
