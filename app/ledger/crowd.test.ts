import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { randomFrom } from '../../test/random.ts'
import { startLedgerProcess } from '../../test/ledger/process.ts'
import {
  callOf,
  ledgerOptions,
  moneyOf,
  newRelayId,
  reserve,
  settle,
  testBooks,
} from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import type { Ledger, LedgerOptions } from './ledger.server.ts'

const callsAtOnce = 200
const affordable = 50
const seeds = Array.from({ length: 20 }, (_, seed) => seed)

const books = await testBooks()
const { sql, url } = books
const processes = await Promise.all([startLedgerProcess(), startLedgerProcess()])
after(async () => {
  await Promise.all(processes.map((process) => process.stop()))
  await books.close()
})
afterEach(() => expectCleanBooks(books.pool))

// A look from outside would miss what lasts for one commit; the database itself notes each write.
await sql('create table lows (account_id bigint primary key, writes int, low bigint) engine=innodb')
const low = `new.plan_nanos - new.plan_held_nanos + new.balance_nanos - new.balance_held_nanos`
await sql(
  `create trigger note_low after update on accounts for each row
   insert into lows values (new.id, 1, ${low})
       on duplicate key update writes = writes + 1, low = least(low, values(low))`,
)

type Crowd = { seed: number; ledgers: Ledger[] }

/** Prices, the parts of plan and balance, and what each call costs in the end differ by seed. */
async function meetTheCrowd({ seed, ledgers }: Crowd) {
  const { part: random } = randomFrom(seed)
  const price = 1 + Math.floor(random() * 1_000_000)
  const money = price * affordable + Math.floor(random() * price)
  const planNanos = Math.floor(random() * money)
  const customer = await newCustomer(books.pool, { planNanos, balanceNanos: money - planNanos })
  const calls = Array.from({ length: callsAtOnce }, () => callOf(customer))
  const sideOf = (i: number) => present(ledgers[i % ledgers.length])
  const answers = await Promise.all(calls.map((call, i) => reserve(sideOf(i), call, price)))
  const granted = calls.filter((_, i) => present(answers[i]).granted)
  assert.equal(granted.length, affordable)
  for (const answer of answers) assert.ok(answer.granted || answer.code === 'insufficient_balance')

  // Settled through whichever process, so also through one that had not let the call in.
  const costs = granted.map(() => Math.floor(random() * (price + 1)))
  await Promise.all(granted.map((call, i) => settle(sideOf(i * 7), call, present(costs[i]))))
  const { plan, balance, planHeld, balanceHeld } = await moneyOf(books, customer)
  assert.equal(plan + balance, money - costs.reduce((total, cost) => total + cost, 0))
  assert.deepEqual([planHeld, balanceHeld], [0, 0])

  const text = 'select writes, low from lows where account_id = ?'
  const [noted] = await sql<{ writes: number; low: number }>(text, [customer.accountId])
  assert.ok(noted && noted.writes > 1 && noted.low >= 0, `available was ${noted?.low}`)
  const refused = `select count(*) as count from calls
                    where account_id = ? and outcome = 'refused' and status_code = 402`
  const [row] = await sql<{ count: number }>(refused, [customer.accountId])
  assert.equal(present(row).count, callsAtOnce - affordable)
}

describe('two hundred calls at once with money for fifty', () => {
  const limitsOf = (seed: number): LedgerOptions['limits'] => {
    // From a transaction a call, which is slow, to one transaction for all.
    const batchOpsMax = seed === 0 ? 1 : present([256, 64, 8][seed % 3])
    return ledgerOptions({ limits: { batchOpsMax } }).limits
  }

  for (const seed of seeds) {
    test(`spend it once, through one ledger (seed ${seed})`, async () => {
      const ledger = books.ledger({ limits: limitsOf(seed) })
      await meetTheCrowd({ seed, ledgers: [ledger] })
      await ledger.close()
    })
  }

  for (const seed of seeds) {
    test(`spend it once, through two processes (seed ${seed})`, async () => {
      const open = { url, limits: limitsOf(seed) }
      const ledgers = await Promise.all(
        processes.map((process) => process.open({ ...open, relayId: newRelayId() })),
      )
      await meetTheCrowd({ seed: seed + 1_000, ledgers })
      await Promise.all(ledgers.map((ledger) => ledger.close()))
    })
  }
})
