import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import {
  faultyLane,
  transientErrnos,
  type FaultPlan,
  type InjectedFault,
} from '../../test/ledger/faulty-lane.ts'
import { callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { credit, setPlan, type Ledger } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
after(books.close)
const steady = books.ledger()

/** One lane, whose faults are the plan's once `arm` has been called. */
function ledgerWith(plan: FaultPlan) {
  let armed = false
  let index = 0
  const guarded: FaultPlan = (batch) => (armed ? plan(batch, index++) : undefined)
  const ledger = books.ledger({
    limits: { lanes: 1 },
    laneOf: (url) => faultyLane(url, guarded),
  })
  return { ledger, arm: () => (armed = true) }
}

type Cast = { customers: Customer[]; calls: Record<Name, CallFacts> }
type Name = 'fresh' | 'refused' | 'held' | 'abandoned' | 'swept' | 'outlasting'

/** Customers with open calls to settle, one of them of a plan changed since, and to give up. */
async function setScene(): Promise<Cast> {
  const [rich, poor, late, renewed] = await Promise.all([
    newCustomer(books.pool, {
      planNanos: 100,
      balanceNanos: 1_000,
      budgetNanos: 900,
      period: 'day',
      periodBudgetNanos: 800,
    }),
    newCustomer(books.pool, { balanceNanos: 50 }),
    newCustomer(books.pool, { balanceNanos: 500 }),
    newCustomer(books.pool),
  ])
  const calls = {
    fresh: callOf(rich),
    refused: callOf(poor),
    held: callOf(rich),
    abandoned: callOf(poor),
    swept: callOf(late),
    outlasting: callOf(renewed),
  }
  await setPlan(books.pool, renewed.accountId, 70, 'test')
  await Promise.all([
    hold(steady, calls.held, 300),
    hold(steady, calls.abandoned, 50),
    hold(steady, calls.swept, 200),
    hold(steady, calls.outlasting, 60),
  ])
  await steady.lose({ facts: calls.swept })
  await setPlan(books.pool, renewed.accountId, 80, 'test')
  return { customers: [rich, poor, late, renewed], calls }
}

/** Every kind of op in one transaction, and with them every statement there is. */
async function play(ledger: Ledger, { calls }: Cast) {
  const [fresh, refused, held, , swept] = await Promise.all([
    reserve(ledger, calls.fresh, 400),
    reserve(ledger, calls.refused, 60),
    settle(ledger, calls.held, 120),
    ledger.lose({ facts: calls.abandoned }),
    settle(ledger, calls.swept, 150),
    settle(ledger, calls.outlasting, 20),
  ])
  assert.ok(fresh.granted && fresh.holdNanos === 400)
  assert.ok(!refused.granted && refused.code === 'insufficient_balance')
  assert.deepEqual([held.chargedNanos, swept.chargedNanos], [120, 150])
}

async function expectOutcome({ customers, calls }: Cast, where: string) {
  const money = await Promise.all(customers.map((customer) => moneyOf(books, customer)))
  assert.deepEqual(
    money.map((row) => Object.values(row)),
    [
      [0, 0, 980, 400],
      [0, 0, 50, 0],
      [0, 0, 350, 0],
      [80, 0, 0, 0],
    ],
    where,
  )
  const ids = Object.values(calls).map(({ callId }) => callId)
  const rows = await books.sql<{ id: Buffer; outcome: string }>(
    'select id, outcome from calls where id in (?)',
    [ids],
  )
  const outcomeOf = (name: Name) => rows.find(({ id }) => calls[name].callId.equals(id))?.outcome
  assert.deepEqual(
    (['fresh', 'refused', 'held', 'abandoned', 'swept', 'outlasting'] as const).map(outcomeOf),
    [undefined, 'refused', 'completed', 'lost', 'late', 'completed'],
    where,
  )
}

async function listsOf(scene: Cast): Promise<number[]> {
  const lengths: number[] = []
  const { ledger, arm } = ledgerWith((batch) => void lengths.push(batch.length))
  arm()
  await play(ledger, scene)
  await ledger.close()
  return lengths
}

describe('a transaction of every kind of op comes out the same', () => {
  const eachAt = (kinds: (at: number, length: number) => InjectedFault[]) => async () => {
    const scene = await setScene()
    const lengths = await listsOf(scene)
    await expectOutcome(scene, 'without a fault')
    assert.ok(lengths.length === 3 && present(lengths[2]) >= 8, `${lengths} statements`)
    const runs = lengths.flatMap((length, list) =>
      Array.from({ length: length + 1 }, (_, at) => kinds(at, length))
        .flat()
        .map((fault) => ({ list, fault })),
    )
    const next = async (): Promise<void> => {
      const run = runs.pop()
      if (!run) return
      const where = `list ${run.list}: ${JSON.stringify(run.fault)}`
      const one = await setScene()
      const { ledger, arm } = ledgerWith((_, index) => (index === run.list ? run.fault : undefined))
      arm()
      await play(ledger, one).catch((cause: unknown) => assert.fail(`${where}: ${String(cause)}`))
      await expectOutcome(one, where)
      await ledger.close()
      return next()
    }
    await Promise.all(Array.from({ length: 8 }, next))
    await expectCleanBooks(books.pool)
  }

  test(
    'when the server answers any one statement with an error that may pass',
    eachAt((after, length) =>
      after < length
        ? transientErrnos.map((errno) => ({ kind: 'errno' as const, errno, after }))
        : // Ended just when all of it, COMMIT among it, had been done.
          [{ kind: 'errno' as const, errno: 1317, after }],
    ),
  )
  test(
    'when the connection is lost before or after any one statement, COMMIT among them',
    eachAt((after) => [{ kind: 'lost', after }]),
  )
})

describe('after a COMMIT whose answer was lost', () => {
  /** The list with index 1 is the first batch's writes: they run, and then nobody answers. */
  const loseCommit = (then: FaultPlan): FaultPlan => {
    return (batch, index) =>
      index === 1 ? { kind: 'lost', after: batch.length } : then(batch, index)
  }

  test('a batch that is then taken apart makes no reservation twice', async () => {
    let deadlocks = 0
    const { ledger, arm } = ledgerWith(
      loseCommit((batch, index) =>
        index > 1 && batch.length > 1 && deadlocks++ < 5
          ? { kind: 'errno', errno: 1213, after: 1 }
          : undefined,
      ),
    )
    const customer = await newCustomer(books.pool, { balanceNanos: 100 })
    const calls = [1, 2, 3, 4].map(() => callOf(customer))
    arm()
    const answers = await Promise.all(calls.map((call) => reserve(ledger, call, 25)))
    assert.ok(answers.every(({ granted }) => granted))
    const { balanceHeld } = await moneyOf(books, customer)
    assert.equal(balanceHeld, 100)
    await Promise.all(calls.map((call) => settle(ledger, call, 1)))
    await expectCleanBooks(books.pool)
  })

  test('a call that it refused stays refused, although money has come in', async () => {
    const customer = await newCustomer(books.pool, { balanceNanos: 10 })
    const call = callOf(customer)
    const { accountId } = customer
    const gift = { accountId, kind: 'topup', planNanos: 0, balanceNanos: 1_000 } as const
    let gifts = 0
    const payOnLoss = (url: string) => {
      const lane = faultyLane(
        url,
        loseCommit(() => undefined),
      )
      const send: typeof lane.send = (batch, how) =>
        lane.send(batch, how).catch(async (error: Error) => {
          await credit(books.pool, {
            ...gift,
            ref: `${accountId}:${gifts++}`,
            actor: 'test',
            note: null,
          })
          throw error
        })
      return { ...lane, send }
    }
    const ledger = books.ledger({ limits: { lanes: 1 }, laneOf: payOnLoss })
    const answer = await reserve(ledger, call, 60)
    assert.ok(gifts === 1 && !answer.granted && answer.code === 'insufficient_balance')
    assert.equal((await moneyOf(books, customer)).balanceHeld, 0)
    await expectCleanBooks(books.pool)
  })
})

test('a rollback that fails leaves nothing of its transaction to the next one', async () => {
  const { ledger, arm } = ledgerWith((batch, index) => {
    // All has been written but for COMMIT when a lock is waited for in vain; then ROLLBACK fails.
    if (index === 1) return { kind: 'errno', errno: 1205, after: batch.length - 1 }
    return index === 2 ? { kind: 'errno', errno: 1205, after: 0 } : undefined
  })
  const customer = await newCustomer(books.pool, { balanceNanos: 100 })
  const call = callOf(customer)
  arm()
  assert.ok((await reserve(ledger, call, 60)).granted)
  assert.equal((await settle(ledger, call, 60)).state, 'settled')
  await expectCleanBooks(books.pool)
})
