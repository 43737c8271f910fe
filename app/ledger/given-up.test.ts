import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { faultyLane, type FaultPlan } from '../../test/ledger/faulty-lane.ts'
import { billOf, callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { createLog } from '../telemetry/log.ts'
import { formatCallId } from '../values/call-id.ts'
import { beat, retire, sweep } from './ledger.server.ts'
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
/** What every settlement writes is gone, as if the schema and the program were not of one age. */
const breakBooks = () => sql('rename table usage_days to usage_days_away')
const mendBooks = () => sql('rename table usage_days_away to usage_days')

describe('a call whose end cannot be booked', () => {
  test('is closed as lost at once where only its own bill is wrong', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const [wrong, right] = [callOf(customer), callOf(customer)]
    for (const call of [wrong, right]) await hold(ledger, call, 50)
    const bill = billOf(10, { upstream: 'u'.repeat(51) })
    const [refused, settled] = await Promise.allSettled([
      ledger.settle({ facts: wrong, bill }),
      settle(ledger, right, 10),
    ])
    assert.deepEqual([refused.status, settled.status], ['rejected', 'fulfilled'])
    await ledger.idle()
    assert.deepEqual([await heldOf(wrong), await outcomesOf(wrong)], [0, ['lost']])
    const [line] = linesOf('call_given_up')
    assert.equal(line?.call, formatCallId(wrong.callId))
    assert.deepEqual([line.level, line.code], ['error', 'ER_DATA_TOO_LONG'])
    assert.deepEqual(linesOf('lose_failed'), [])
    assert.equal((await moneyOf(books, customer)).balance, 90)
  })

  test('is freed within the life of its process once the database takes it again', async () => {
    const customer = await newCustomer(pool, { planNanos: 20, balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ledger, call, 50)
    await breakBooks()
    try {
      await assert.rejects(settle(ledger, call, 10))
      await ledger.idle()
      await ledger.tryGivenUp()
      // Nobody else frees it: this relay lives.
      await beat(pool, ledger.relayId)
      assert.equal(await sweep(pool, books.ledger()), 0)
      assert.equal(await heldOf(call), 1)
    } finally {
      await mendBooks()
    }
    assert.deepEqual(
      linesOf('lose_failed').map(({ level, code }) => [level, code]),
      [
        ['error', 'ER_NO_SUCH_TABLE'],
        ['error', 'ER_NO_SUCH_TABLE'],
      ],
    )
    await ledger.tryGivenUp()
    assert.deepEqual([await heldOf(call), await outcomesOf(call)], [0, ['lost']])
    const money = await moneyOf(books, customer)
    assert.deepEqual(money, { plan: 20, planHeld: 0, balance: 100, balanceHeld: 0 })
    // Repeated, it changes nothing and says nothing.
    await ledger.tryGivenUp()
    assert.deepEqual(await outcomesOf(call), ['lost'])
  })

  test('does not keep the next one from its turn', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    const calls = Array.from({ length: 12 }, () => callOf(customer))
    for (const call of calls) await hold(ledger, call, 10)
    await breakBooks()
    try {
      await Promise.allSettled(calls.map((call) => settle(ledger, call, 1)))
      await ledger.idle()
      for (let turn = 0; turn < 3; turn++) await ledger.tryGivenUp()
    } finally {
      await mendBooks()
    }
    await ledger.tryGivenUp()
    for (const call of calls) assert.deepEqual(await outcomesOf(call), ['lost'])
  })

  test('is left to the sweep when its process ends first', async () => {
    const ending = books.ledger({ failed: log.failed })
    await beat(pool, ending.relayId)
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ending, call, 50)
    await breakBooks()
    try {
      await assert.rejects(settle(ending, call, 10))
      await ending.idle()
    } finally {
      await mendBooks()
    }
    await retire(pool, ending.relayId)
    await ending.close()
    await sql('update relays set heartbeat_at = heartbeat_at - interval 61 second where id = ?', [
      ending.relayId,
    ])
    assert.equal(await sweep(pool, ledger), 1)
    assert.deepEqual(await outcomesOf(call), ['lost'])
  })

  test('is said where there are too many to remember, and tried once all the same', async () => {
    const small = books.ledger({ failed: log.failed, limits: { givenUpCallsMax: 1, lanes: 1 } })
    await beat(pool, small.relayId)
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const calls = [callOf(customer), callOf(customer)]
    for (const call of calls) await hold(small, call, 10)
    await breakBooks()
    try {
      await Promise.allSettled(calls.map((call) => settle(small, call, 1)))
      await small.idle()
    } finally {
      await mendBooks()
    }
    assert.equal(linesOf('given_up_full').length, 1)
    await small.tryGivenUp()
    const held = await Promise.all(calls.map(heldOf))
    assert.deepEqual(held.sort(), [0, 1])
    // As the sweep would once this process has ended.
    for (const facts of calls) await small.lose({ facts })
  })

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
