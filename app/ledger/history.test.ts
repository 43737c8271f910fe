import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { faultyLane, randomFaults } from '../../test/ledger/faulty-lane.ts'
import { Actor, type TwoLedgers } from '../../test/ledger/actor.ts'
import { AccountModel } from '../../test/ledger/model.ts'
import { startLedgerProcess } from '../../test/ledger/process.ts'
import { histories, type AccountHistory, type History } from '../../test/ledger/steps.ts'
import {
  ledgerOptions,
  moneyOf,
  newRelayId,
  testBooks,
  type LedgerChanges,
} from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { silence } from '../../test/time/silence.ts'
import { newCustomer } from '../../test/customer.ts'
import { createKey } from '../keys/keys.server.ts'
import { beat, sweep, type Ledger } from './ledger.server.ts'

/** How many histories each test plays, and the seed of the run that is to be repeated. */
const historiesEach = 8
const repeat: { seed?: number; path?: string } = {}

const books = await testBooks()
const { pool, sql, url } = books
const other = await startLedgerProcess()
const sweepers = [books.ledger(), books.ledger()]
after(async () => {
  await other.stop()
  await books.close()
})

async function enter(
  stage: TwoLedgers,
  { plan, balance, budgets }: AccountHistory,
): Promise<Actor> {
  const [first = null, ...rest] = budgets
  const customer = await newCustomer(pool, {
    planNanos: plan,
    balanceNanos: balance,
    budgetNanos: first,
  })
  const keys = [{ id: customer.keyId, budget: first }]
  for (const budget of rest) {
    const key = await createKey(pool, customer.accountId, { name: 'key', budgetNanos: budget })
    keys.push({ id: present(key).id, budget })
  }
  const model = new AccountModel(keys)
  if (plan || balance) model.credit('grant', plan, balance, 'first')
  return new Actor(stage, customer, model)
}

async function fallSilent({ ledgers }: TwoLedgers, silent: number, actors: Actor[]) {
  await Promise.all(ledgers.map((ledger) => ledger.idle()))
  const { relayId } = present(ledgers[silent])
  await silence(sql, relayId, 100)
  await Promise.all(sweepers.map((ledger) => sweep(pool, ledger)))
  for (const { model } of actors)
    for (const [id, { held }] of model.calls)
      if (held && present(ledgers[held.via]).relayId.equals(relayId)) model.lose(id)
  await beat(pool, relayId)
}

async function play(stage: TwoLedgers, { accounts, silent }: History) {
  for (const { relayId } of stage.ledgers) await beat(pool, relayId)
  const actors = await Promise.all(accounts.map((account) => enter(stage, account)))
  await Promise.all(actors.map((actor, i) => actor.play(present(accounts[i]).before)))
  await fallSilent(stage, silent, actors)
  await Promise.all(actors.map((actor, i) => actor.play(present(accounts[i]).after)))
  await Promise.all(stage.ledgers.map((ledger) => ledger.idle()))
  for (const actor of actors) await expectModel(actor)
  await expectCleanBooks(pool)
  toldAway += actors.reduce((sum, { away }) => sum + away.size, 0)
}
/** Reservations of all histories that were refused because the database was away. */
let toldAway = 0

/** A sweep closes the holds of a silent relay in its own order, and each gives back what expires. */
function inAnyOrderOfEnding(entries: readonly (readonly unknown[])[]) {
  const ordered: (readonly unknown[])[] = []
  let run: (readonly unknown[])[] = []
  const endRun = () => {
    ordered.push(...run.sort(([, a], [, b]) => Number(a) - Number(b)))
    run = []
  }
  for (const entry of entries) {
    if (entry[0] !== 'expire') endRun()
    ;(entry[0] === 'expire' ? run : ordered).push(entry)
  }
  endRun()
  return ordered
}

/** Every row of the account says what the model says. */
async function expectModel({ customer, model, away }: Actor) {
  assert.deepEqual(await moneyOf(books, customer), model.pool)
  const read = async (text: string) => {
    const rows = await sql<object>(text, [customer.accountId])
    return rows.map((row) => Object.values(row) as unknown[])
  }
  assert.deepEqual(
    await read('select id, spent_nanos, held_nanos from api_keys where account_id = ? order by id'),
    model.keys.map(({ id, spent, held }) => [id, spent, held]),
  )
  const entries = await read(
    'select kind, plan_nanos, balance_nanos from entries where account_id = ? order by seq',
  )
  assert.deepEqual(inAnyOrderOfEnding(entries), inAnyOrderOfEnding(model.entries))
  const ended = await read(
    `select lower(hex(id)), outcome, hold_nanos, plan_nanos, balance_nanos, overrun_nanos, cost_nanos
       from calls where account_id = ?`,
  )
  const open = await read(
    `select lower(hex(call_id)), 'open', plan_nanos + balance_nanos as hold,
            0 as plan, 0 as balance, 0 as overrun, 0 as cost
       from holds where account_id = ?`,
  )
  const isKnown = ([id]: unknown[]) => !away.has(id as string)
  assert.deepEqual(
    [...ended, ...open].filter(isKnown).sort(),
    [...model.calls]
      .map(([id, { outcome, hold, plan, balance, overrun }]) => {
        return [id, outcome, hold, plan, balance, overrun, plan + balance]
      })
      .sort(),
  )
  for (const [, outcome, , ...amounts] of [...ended, ...open].filter((row) => !isKnown(row))) {
    assert.ok(outcome === 'failed' || outcome === 'refused', `told away, and ${String(outcome)}`)
    assert.deepEqual(amounts, [0, 0, 0, 0])
  }
}

type MakeLedger = (seed: number, side: number) => Ledger | Promise<Ledger>

/** Plays random histories through the two ledgers that `make` makes for each. */
const any =
  (make: MakeLedger, { isImpatient = false, numRuns = historiesEach } = {}) =>
  () =>
    fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const ledgers = [await make(history.seed, 0), await make(history.seed, 1)] as const
        try {
          await play({ books, ledgers: [...ledgers], isImpatient }, history)
        } finally {
          await Promise.all(ledgers.map((ledger) => ledger.close()))
        }
      }),
      // A smaller history is rarely one in which the same thing happens at the same time.
      { numRuns, endOnFailure: true, ...repeat },
    )

function faulty(rate: number, changes: LedgerChanges = {}): MakeLedger {
  return (seed, side) => {
    let lanes = 2 * side
    return books.ledger({
      ...changes,
      laneOf: (address) => faultyLane(address, randomFaults(seed + lanes++, rate)),
    })
  }
}

test('a history through two ledgers ends as the model says', any(faulty(0)))

test(
  'a history through one ledger ends as the model says, whatever fails at any statement',
  any((seed, side) => {
    if (side === 0) single = faulty(0.2, { limits: { lanes: 1 } })(seed, 0)
    return single
  }),
)
let single: Ledger | Promise<Ledger>

test(
  'a history through two ledgers ends as the model says, whatever fails at any statement',
  any(faulty(0.2, { limits: { batchOpsMax: 5 } })),
)

test(
  'a history through two processes ends as the model says, whatever fails at any statement',
  any((seed, side) => {
    if (side === 0) return faulty(0.15)(seed, 0)
    const { limits } = ledgerOptions()
    return other.open({ url, relayId: newRelayId(), limits, faults: { seed, rate: 0.15 } })
  }),
)

test('a caller who was told that the database is away is never charged', async () => {
  const impatient = faulty(0.35, { limits: { reserveWaitMsMax: 1 } })
  await any(impatient, { isImpatient: true, numRuns: 4 })()
  assert.ok(toldAway > 0)
})
