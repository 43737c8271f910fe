import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { callOf, hold, moneyOf, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { silence } from '../../test/time/silence.ts'
import { beat, retire, sweep, sweepDead, type Ledger } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const { pool, sql } = books
const ledger = books.ledger()
await beat(pool, ledger.relayId)

const outcomeOf = async ({ callId }: CallFacts) => {
  const text = 'select outcome, cost_nanos as cost from calls where id = ?'
  const rows = await sql<{ outcome: string; cost: number }>(text, [callId])
  return rows.map(({ outcome, cost }) => `${outcome} ${cost}`)
}
const isListed = async ({ relayId }: Ledger) =>
  (await sql('select id from relays where id = ?', [relayId])).length === 1

test('the sweep of one that is known to be dead does not wait for its silence, and can be repeated', async () => {
  const [dead, living] = [books.ledger(), books.ledger()]
  const customer = await newCustomer(pool, { balanceNanos: 100 })
  const [call, other] = [callOf(customer), callOf(customer)]
  for (const one of [dead, living]) await beat(pool, one.relayId)
  await hold(dead, call, 50)
  await hold(living, other, 20)
  const both = [ledger, living].map((one) => sweepDead(pool, one, dead.relayId))
  const released = await Promise.all(both)
  assert.equal(released[0]! + released[1]!, 1)
  assert.deepEqual(await outcomeOf(call), ['lost 0'])
  assert.equal((await settle(living, other, 20)).state, 'settled')
  // Its last packet is carried out after all.
  const late = callOf(customer)
  await hold(dead, late, 30)
  assert.equal(await sweepDead(pool, ledger, dead.relayId), 1)
  assert.equal((await moneyOf(books, customer)).balanceHeld, 0)
  await retire(pool, dead.relayId)
  assert.deepEqual(await sql('select id from relays where id = ?', [dead.relayId]), [])
})

test('the sweep of the dead is never of the one that sweeps', async () => {
  const call = callOf(await newCustomer(pool, { balanceNanos: 100 }))
  await hold(ledger, call, 10)
  await assert.rejects(sweepDead(pool, ledger, ledger.relayId), /is not dead/)
  assert.equal((await settle(ledger, call, 10)).state, 'settled')
})

test('the sweep of one relay that fails, or of one call, does not keep the others from it', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 1_000 })
  const relays = [books.ledger(), books.ledger()]
  const [broken, whole]: [CallFacts[], CallFacts[]] = [[], []]
  for (const relay of relays) {
    await beat(pool, relay.relayId)
    for (const calls of [broken, whole]) {
      const call = callOf(customer)
      await hold(relay, call, 10)
      calls.push(call)
    }
    await silence(sql, relay.relayId)
  }
  const isBroken = ({ callId }: CallFacts) => broken.some((it) => it.callId.equals(callId))
  const failing: Ledger = Object.assign(Object.create(ledger) as Ledger, {
    lose: (op: Parameters<Ledger['lose']>[0]) =>
      isBroken(op.facts) ? Promise.reject(new Error('this call is broken')) : ledger.lose(op),
  })
  await assert.rejects(sweep(pool, failing), /this call is broken/)
  for (const call of whole) assert.deepEqual(await outcomeOf(call), ['lost 0'])
  for (const relay of relays) assert.equal(await isListed(relay), true)
  assert.equal(await sweep(pool, ledger), broken.length)
  for (const relay of relays) assert.equal(await isListed(relay), false)
})
