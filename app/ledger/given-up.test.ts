import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { faultyLane, type FaultPlan } from '../../test/ledger/faulty-lane.ts'
import { billOf, callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { silence } from '../../test/time/silence.ts'
import { newCustomer } from '../../test/customer.ts'
import { createLog } from '../telemetry/log.ts'
import { formatCallId } from '../values/call-id.ts'
import { beat, LedgerAway, retire, sweep, type OwnLedger } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
const { pool, sql } = books
after(books.close)
afterEach(() => expectCleanBooks(pool))

let logged: string[] = []
const log = createLog('debug', (line) => void logged.push(line))
const ledger = books.ledger({ failed: log.failed })
await beat(pool, ledger.relayId)
const linesOf = (event: string) => {
  log.flush()
  return logged.map((line) => JSON.parse(line) as Said).filter((line) => line.event === event)
}
type Said = { event: string; call: string; level: string; code?: string; stack?: string }
beforeEach(() => {
  log.flush()
  logged = []
})

const heldOf = async (call: CallFacts) =>
  (await sql('select call_id from holds where call_id = ?', [call.callId])).length
const outcomesOf = async ({ callId }: CallFacts) => {
  const rows = await sql<{ outcome: string }>('select outcome from calls where id = ?', [callId])
  return rows.map(({ outcome }) => outcome)
}
/** A bill that the database refuses, and takes once `upstream` may be longer. */
const wrongBill = (costNanos = 10) => billOf(costNanos, { upstream: 'u'.repeat(51) })
const widen = (chars: number) =>
  sql(
    `alter table calls modify upstream varchar(${chars}) character set ascii collate ascii_bin null`,
  )
/** A settlement that is refused, and kept: its line has come before anything else is done. */
async function settleWrong(by: OwnLedger, facts: CallFacts) {
  const settling = by.settle({ facts, bill: wrongBill() })
  settling.catch(() => undefined)
  await by.idle()
  return { settling }
}
const hour = 3_600_000
let clockMs = performance.now()
/** So many turns, each so late that whatever is kept is due. */
async function turns(by: OwnLedger, count: number) {
  for (let turn = 1; turn <= count; turn++) await by.tryGivenUp({ nowMs: (clockMs += hour) })
}

describe('a settlement that the database refuses', () => {
  test('is closed as lost in the end where its own bill stays wrong, and no other waits', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const [wrong, right] = [callOf(customer), callOf(customer)]
    for (const call of [wrong, right]) await hold(ledger, call, 50)
    const settling = ledger.settle({ facts: wrong, bill: wrongBill() })
    settling.catch(() => undefined)
    assert.equal((await settle(ledger, right, 10)).state, 'settled')
    await ledger.idle()
    assert.equal(await ledger.readiness(), 'ready')
    const [line] = linesOf('settle_failed')
    assert.equal(line?.call, formatCallId(wrong.callId))
    assert.deepEqual([line.level, line.code], ['error', 'ER_DATA_TOO_LONG'])
    await turns(ledger, 6)
    assert.deepEqual([await heldOf(wrong), await outcomesOf(wrong)], [1, []])
    await turns(ledger, 1)
    await assert.rejects(settling)
    assert.deepEqual([await heldOf(wrong), await outcomesOf(wrong)], [0, ['lost']])
    assert.deepEqual([linesOf('call_given_up').length, linesOf('lose_failed').length], [1, 0])
    assert.equal((await moneyOf(books, customer)).balance, 90)
  })

  test('is charged, once, by its own relay when what kept it is mended', async () => {
    const customer = await newCustomer(pool, { planNanos: 20, balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ledger, call, 50)
    const { settling } = await settleWrong(ledger, call)
    // Nobody else frees it: this relay lives.
    await beat(pool, ledger.relayId)
    assert.equal(await sweep(pool, books.ledger()), 0)
    assert.equal(await heldOf(call), 1)
    await widen(60)
    await turns(ledger, 1).finally(() => sql('update calls set upstream = left(upstream, 50)'))
    await widen(50)
    assert.equal((await settling).state, 'settled')
    assert.deepEqual([await heldOf(call), await outcomesOf(call)], [0, ['completed']])
    const money = await moneyOf(books, customer)
    assert.deepEqual(money, { plan: 10, planHeld: 0, balance: 100, balanceHeld: 0 })
    // Repeated, it changes nothing.
    await turns(ledger, 8)
    assert.deepEqual(await outcomesOf(call), ['completed'])
  })

  test('is tried ever more seldom', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ledger, call, 10)
    await settleWrong(ledger, call)
    let tries = linesOf('ledger_batch_failed').length
    const isTriedAt = async (nowMs: number) => {
      await ledger.tryGivenUp({ nowMs })
      const before = tries
      tries = linesOf('ledger_batch_failed').length
      return tries > before
    }
    const from = (clockMs += hour)
    assert.equal(await isTriedAt(from), true)
    assert.equal(await isTriedAt(from + 9_000), false)
    assert.equal(await isTriedAt(from + 10_000), true)
    assert.equal(await isTriedAt(from + 29_000), false)
    assert.equal(await isTriedAt(from + 30_000), true)
    await ledger.tryGivenUp({ isLast: true })
    assert.deepEqual(await outcomesOf(call), ['lost'])
  })

  test('does not keep the next one from its turn', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    const calls = Array.from({ length: 12 }, () => callOf(customer))
    for (const call of calls) await hold(ledger, call, 10)
    await Promise.all(calls.map((call) => settleWrong(ledger, call)))
    await turns(ledger, 3 * 7)
    for (const call of calls) assert.deepEqual(await outcomesOf(call), ['lost'])
  })

  test('is left to the sweep when its process ends first', async () => {
    const ending = books.ledger({ failed: log.failed })
    await beat(pool, ending.relayId)
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ending, call, 50)
    await settleWrong(ending, call)
    await retire(pool, ending.relayId)
    await ending.close()
    await silence(sql, ending.relayId)
    assert.equal(await sweep(pool, ledger), 1)
    assert.deepEqual(await outcomesOf(call), ['lost'])
  })

  test('is said where there are too many to keep, and is then closed at once', async () => {
    const small = books.ledger({ failed: log.failed, limits: { givenUpCallsMax: 1, lanes: 1 } })
    await beat(pool, small.relayId)
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const calls = [callOf(customer), callOf(customer)]
    for (const call of calls) await hold(small, call, 10)
    await Promise.all(calls.map((call) => settleWrong(small, call)))
    assert.equal(linesOf('given_up_full').length, 1)
    const held = await Promise.all(calls.map(heldOf))
    assert.deepEqual(held.sort(), [0, 1])
    await small.tryGivenUp({ isLast: true })
    for (const call of calls) assert.deepEqual(await outcomesOf(call), ['lost'])
  })
})

test('while the schema is not of its age a relay lets nothing in, and then charges what it owes', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 100 })
  const quick = books.ledger({ failed: log.failed, limits: { lanes: 1, reserveWaitMsMax: 300 } })
  await beat(pool, quick.relayId)
  const [owed, next] = [callOf(customer), callOf(customer)]
  await hold(quick, owed, 10)
  await sql('rename table usage_quarters to usage_quarters_away')
  const settling = settle(quick, owed, 10)
  try {
    assert.equal(await quick.readiness(), 'database takes no writes')
    // It writes nothing that is away: the account, the key and the hold are there.
    await assert.rejects(reserve(quick, next, 10), LedgerAway)
    assert.deepEqual([await heldOf(owed), await outcomesOf(owed)], [1, []])
  } finally {
    await sql('rename table usage_quarters_away to usage_quarters')
  }
  assert.equal((await settling).state, 'settled')
  assert.equal(await quick.readiness(), 'ready')
  await quick.idle()
  assert.deepEqual([await heldOf(next), linesOf('call_given_up')], [0, []])
  assert.equal((await moneyOf(books, customer)).balance, 90)
})

describe('a call that cannot be settled at all', () => {
  test('may be closed by a bill that cannot even be made', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ledger, call, 10)
    ledger.giveUp(call, new RangeError('no such price'))
    ledger.giveUp(call, new RangeError('no such price'))
    await ledger.idle()
    assert.deepEqual(await outcomesOf(call), ['lost'])
    assert.equal(linesOf('call_given_up').length, 1)
    ledger.giveUp(callOf(customer), new RangeError('it was never let in'))
    await ledger.idle()
  })
})

test('a reservation whose commit was lost, and which then is refused, holds nothing', async () => {
  let commits = 0
  // The first COMMIT is done and its answer is lost; the look for what it did is refused.
  const plan: FaultPlan = (batch) => {
    const names = batch.map(({ statement }) => statement.name)
    if (names.includes('ledger/commit') && commits++ === 0)
      return { kind: 'lost', after: batch.length }
    if (commits === 1 && names.includes('ledger/read-calls'))
      return { kind: 'errno', errno: 1146, after: 1 }
    return undefined
  }
  const unsure = books.ledger({
    failed: log.failed,
    limits: { lanes: 1 },
    laneOf: (url) => faultyLane(url, plan),
  })
  const customer = await newCustomer(pool, { balanceNanos: 100 })
  const call = callOf(customer)
  await assert.rejects(reserve(unsure, call, 50))
  await unsure.idle()
  assert.deepEqual([await heldOf(call), await outcomesOf(call)], [0, ['lost']])
  assert.equal(linesOf('call_given_up').length, 1)
})
