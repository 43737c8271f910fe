import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import {
  askOf,
  billOf,
  callOf,
  hold,
  moneyOf,
  reserve,
  settle,
  testBooks,
  usageOf,
} from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { BatchFailed } from './batch.ts'
import { LedgerAway } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const ledger = books.ledger()

type CallRow = Record<'outcome' | 'error', string> &
  Record<'status' | 'hold' | 'cost' | 'plan' | 'balance' | 'overrun', number>
const rowsOf = ({ callId }: CallFacts) =>
  books.sql<CallRow>(
    `select outcome, status_code as status, error_code as error, hold_nanos as hold,
            cost_nanos as cost, plan_nanos as plan, balance_nanos as balance,
            overrun_nanos as overrun from calls where id = ?`,
    [callId],
  )
const chargesOf = async ({ callId }: CallFacts) =>
  (await books.sql('select seq from entries where call_id = ?', [callId])).length

describe('a call', () => {
  test('holds its ceiling, is charged its cost, plan first, and leaves nothing held', async () => {
    const customer = await newCustomer(books.pool, { planNanos: 100, balanceNanos: 1_000 })
    const call = callOf(customer, { streamed: true, client: 'openai-node', clientRetry: 2 })
    await hold(ledger, call, 400)
    assert.deepEqual(await moneyOf(books, customer), {
      plan: 100,
      planHeld: 100,
      balance: 1_000,
      balanceHeld: 300,
    })
    const done = await settle(ledger, call, 150)
    assert.deepEqual(done, { state: 'settled', chargedNanos: 150, overrunNanos: 0 })
    assert.deepEqual(await moneyOf(books, customer), {
      plan: 0,
      planHeld: 0,
      balance: 950,
      balanceHeld: 0,
    })
    const [row, ...more] = await rowsOf(call)
    assert.equal(more.length, 0)
    const { outcome, hold: held, cost, plan, balance } = present(row)
    assert.deepEqual([outcome, held, cost, plan, balance], ['completed', 400, 150, 100, 50])
  })

  test('that is given back costs nothing and still has its row', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 500 })
    const call = callOf(customer)
    await hold(ledger, call, 500)
    const bill = billOf(0, { outcome: 'failed', statusCode: 502, errorCode: 'upstream_error' })
    assert.equal((await ledger.settle({ facts: call, bill })).chargedNanos, 0)
    assert.equal((await moneyOf(books, customer)).balanceHeld, 0)
    assert.deepEqual(
      (await rowsOf(call)).map(({ outcome, error, cost }) => [outcome, error, cost]),
      [['failed', 'upstream_error', 0]],
    )
    assert.equal(await chargesOf(call), 0)
  })

  test('that cost more than its hold is charged the hold; the overrun is booked apart', async () => {
    const customer = await newCustomer(books.pool, { planNanos: 50, balanceNanos: 500 })
    const call = callOf(customer)
    await hold(ledger, call, 80)
    const done = await settle(ledger, call, 100)
    assert.deepEqual(done, { state: 'settled', chargedNanos: 80, overrunNanos: 20 })
    const [row] = await rowsOf(call)
    assert.ok(row)
    assert.deepEqual([row.cost, row.plan, row.balance, row.overrun], [80, 50, 30, 20])
  })

  test('that is settled twice is charged once, one after the other and both at once', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const other = books.ledger()
    for (const settlers of [
      [ledger, ledger],
      [ledger, other],
    ]) {
      const call = callOf(customer)
      await hold(ledger, call, 100)
      const both = await Promise.all(settlers.map((each) => settle(each, call, 60)))
      assert.deepEqual(both.map(({ state }) => state).sort(), ['repeated', 'settled'])
      assert.deepEqual(
        both.map(({ chargedNanos }) => chargedNanos),
        [60, 60],
      )
      const third = await settle(other, call, 99)
      assert.deepEqual(third, { state: 'repeated', chargedNanos: 60, overrunNanos: 0 })
      assert.equal(await chargesOf(call), 1)
    }
    assert.equal((await moneyOf(books, customer)).balance, 880)
  })

  test('that nobody let in cannot be settled, unless it is unknown whether it was', async () => {
    const call = callOf(await newCustomer(books.pool, { balanceNanos: 1_000 }))
    await assert.rejects(settle(ledger, call, 1), /neither a hold nor a row/)
    const absent = await ledger.settle({ facts: call, bill: billOf(1), mayBeAbsent: true })
    assert.deepEqual(absent, { state: 'absent', chargedNanos: 0, overrunNanos: 0 })
    assert.deepEqual(await rowsOf(call), [])
  })

  test('with a cost that is no amount of money is not settled, and can be afterwards', async () => {
    const call = callOf(await newCustomer(books.pool, { balanceNanos: 1_000 }))
    await hold(ledger, call, 10)
    for (const cost of [-1, 0.5, Number.NaN, 2 ** 53])
      await assert.rejects(settle(ledger, call, cost), RangeError)
    assert.equal((await settle(ledger, call, 10)).chargedNanos, 10)
  })
})

describe('a refused call', () => {
  const figuresOf = async (call: CallFacts) => {
    const figures = 'select needed_nanos as needed, left_nanos as had from calls where id = ?'
    return (await books.sql(figures, [Buffer.from(call.callId)]))[0]
  }

  test('is written to the call log once, with 402, and only when it was the last try', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 10 })
    const call = callOf(customer)
    const first = await ledger.reserve({ facts: call, ask: askOf(11), lastTry: false })
    assert.equal(first.granted, false)
    assert.deepEqual(await rowsOf(call), [])
    await reserve(ledger, call, 11)
    assert.deepEqual(
      (await rowsOf(call)).map(({ outcome, status, error, cost, hold: held }) => [
        outcome,
        status,
        error,
        cost + held,
      ]),
      [['refused', 402, 'insufficient_balance', 0]],
    )
    assert.deepEqual(await figuresOf(call), { needed: 11, had: 10 })
    const counted = 'select calls from usage_quarters where account_id = ?'
    const [day] = await books.sql(counted, [customer.accountId])
    assert.equal(day?.calls, 1)
  })

  test('for its key’s budget says so, and the rest of the account can still be spent', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000, budgetNanos: 100 })
    const [spent, held, tooMuch] = [callOf(customer), callOf(customer), callOf(customer)]
    await hold(ledger, spent, 60)
    await settle(ledger, spent, 50)
    await hold(ledger, held, 30)
    const no = await reserve(ledger, tooMuch, 21)
    assert.ok(!no.granted && no.code === 'key_budget_exceeded')
    assert.equal((await rowsOf(tooMuch))[0]?.error, 'key_budget_exceeded')
    assert.deepEqual(await figuresOf(tooMuch), { needed: 21, had: 20 })
    assert.deepEqual(await figuresOf(spent), { needed: null, had: null })
    await hold(ledger, callOf(customer), 20)
    await settle(ledger, held, 0)
  })

  test('for its key or its model leaves no row', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000, models: ['gpt-other'] })
    const stranger = callOf({ ...customer, keyId: (await newCustomer(books.pool)).keyId })
    const no = await reserve(ledger, stranger, 1)
    assert.ok(!no.granted && no.code === 'invalid_api_key')
    const wrongModel = callOf(customer)
    const nor = await reserve(ledger, wrongModel, 1)
    assert.ok(!nor.granted && nor.code === 'permission_denied')
    assert.deepEqual([await rowsOf(stranger), await rowsOf(wrongModel)], [[], []])
  })
})

describe('the queue', () => {
  test('keeps the order of one account’s ops', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 100 })
    const narrow = books.ledger({ limits: { batchOpsMax: 2 } })
    const calls = Array.from({ length: 8 }, () => callOf(customer))
    // Each call needs all the money there is, so each fits only after the one before was settled.
    const answers = await Promise.all(
      calls.flatMap((call, i) => [reserve(narrow, call, 100 - i), settle(narrow, call, 1)]),
    )
    for (const answer of answers)
      assert.ok('granted' in answer ? answer.granted : answer.state === 'settled')
    assert.equal((await moneyOf(books, customer)).balance, 92)
  })

  test('lets one op that cannot be written fail alone', async () => {
    const faults: string[] = []
    const single = books.ledger({
      limits: { lanes: 1 },
      onFault: ({ fault }) => faults.push(fault),
    })
    const customers = await Promise.all(
      [1, 2, 3, 4].map(() => newCustomer(books.pool, { balanceNanos: 100 })),
    )
    const calls = customers.map((customer) => callOf(customer))
    const poison = callOf(present(customers[1]), { model: 'm'.repeat(200) })
    const all = [...calls.slice(0, 2), poison, ...calls.slice(2)]
    const answers = await Promise.allSettled(all.map((call) => reserve(single, call, 10)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    )
    const [, , failed] = answers
    assert.ok(failed?.status === 'rejected' && failed.reason instanceof BatchFailed)
    assert.ok(faults.length > 0 && faults.every((fault) => fault === 'refused'))
    for (const call of calls) assert.equal((await settle(single, call, 10)).state, 'settled')
    assert.deepEqual(await books.sql('select * from holds where call_id = ?', [poison.callId]), [])
  })

  test('refuses a reservation when it is full, and never a settlement', async () => {
    const small = books.ledger({ limits: { lanes: 1, queueOpsMax: 3 } })
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const calls = Array.from({ length: 5 }, () => callOf(customer))
    const answers = await Promise.allSettled(calls.map((call) => reserve(small, call, 10)))
    const refused = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as unknown] : [],
    )
    assert.equal(refused.length, 2)
    assert.ok(refused.every((reason) => reason instanceof LedgerAway))
    const letIn = calls.slice(0, 3)
    const settling = letIn.map((call) => settle(small, call, 10))
    await assert.rejects(reserve(small, callOf(customer), 10), LedgerAway)
    assert.ok((await Promise.all(settling)).every(({ state }) => state === 'settled'))
    assert.equal(small.waiting(), 0)
  })

  test('adds a quarter of an hour’s calls up by key, model and status', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const startedAt = new Date('2026-03-01T23:59:59.999Z')
    const calls = [1, 2, 3].map(() => callOf(customer, { startedAt }))
    calls.push(callOf(customer, { startedAt: new Date('2026-03-02T00:00:00Z') }))
    await Promise.all(calls.map((call) => hold(ledger, call, 10)))
    const bill = billOf(7, { usage: { ...usageOf(7, 3), cachedTokens: 2, reasoningTokens: 1 } })
    await Promise.all(calls.map((facts) => ledger.settle({ facts, bill })))
    const quarters = await books.sql(
      `select slot, calls, input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost_nanos
         from usage_quarters where account_id = ? order by slot`,
      [customer.accountId],
    )
    assert.deepEqual(
      quarters.map((quarter) => Object.values(quarter).slice(1)),
      [
        [3, 21, 6, 9, 3, 21],
        [1, 7, 2, 3, 1, 7],
      ],
    )
  })
})
