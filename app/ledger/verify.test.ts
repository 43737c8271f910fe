import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { billOf, callOf, hold, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { beat, credit, foldDays, verify } from './ledger.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books
const ledger = books.ledger()
await beat(pool, ledger.relayId)

const customer = await newCustomer(pool, { planNanos: 100, balanceNanos: 5_000 })
const [charged, free, open] = [callOf(customer), callOf(customer), callOf(customer)]
await hold(ledger, charged, 300)
await settle(ledger, charged, 250)
await hold(ledger, free, 300)
const failed = { outcome: 'failed', statusCode: 502, errorCode: 'upstream_error' } as const
await ledger.settle({ facts: free, bill: billOf(0, failed) })
await hold(ledger, open, 40)
await foldDays(pool, Date.now() + 172_800_000)
await expectCleanBooks(pool)

const tables = [
  'accounts',
  'api_keys',
  'holds',
  'calls',
  'entries',
  'usage_quarters',
  'account_quarters',
  'relays',
]
for (const table of tables) {
  await sql(`create table kept_${table} like ${table}`)
  await sql(`insert into kept_${table} select * from ${table}`)
}
afterEach(async () => {
  for (const table of tables) {
    await sql(`delete from ${table}`)
    await sql(`insert into ${table} select * from kept_${table}`)
  }
  await expectCleanBooks(pool)
})

type Damage = { what: string; text: string; values?: unknown[]; found: string[]; subject: RegExp }
const { accountId, keyId } = customer
const callName = (call: typeof charged) => new RegExp(`^call ${call.callId.toString('hex')}$`)
const account = new RegExp(`^account ${accountId}$`)
const key = new RegExp(`^key ${keyId}$`)

const damages: Damage[] = [
  {
    what: 'a balance that nobody paid in',
    text: 'update accounts set balance_nanos = balance_nanos + 1 where id = ?',
    values: [accountId],
    found: ['balances'],
    subject: account,
  },
  {
    what: 'plan credit that nobody gave',
    text: 'update accounts set plan_nanos = plan_nanos + 1 where id = ?',
    values: [accountId],
    found: ['balances'],
    subject: account,
  },
  {
    what: 'an entry that is gone from the end',
    text: 'delete from entries where account_id = ? order by seq desc limit 1',
    values: [accountId],
    found: ['balances', 'charge counts'],
    subject: account,
  },
  {
    what: 'an entry whose amount was changed',
    text: 'update entries set balance_nanos = balance_nanos - 1 where seq = 2 and account_id = ?',
    values: [accountId],
    found: ['balances', 'chains', 'charge counts', 'charges'],
    subject: new RegExp(`^account ${accountId}( entry 2)?$`),
  },
  {
    what: 'a balance after an entry that does not follow',
    text: 'update entries set plan_after_nanos = plan_after_nanos + 1 where seq = 1 and account_id = ?',
    values: [accountId],
    found: ['chains'],
    subject: /entry [12]$/,
  },
  {
    what: 'a number that is missing in an account’s entries',
    text: 'update entries set seq = 7 where seq = 2 and account_id = ?',
    values: [accountId],
    found: ['chains'],
    subject: /entry 7$/,
  },
  {
    what: 'an entry booked before the one it follows',
    text: `update entries set created_at = created_at - interval 1 day
            where seq = 2 and account_id = ?`,
    values: [accountId],
    found: ['order of time'],
    subject: /entry 2$/,
  },
  {
    what: 'a hold that the account knows nothing of',
    text: 'update holds set balance_nanos = balance_nanos + 1 where call_id = ?',
    values: [open.callId],
    found: ['account holds', 'key holds and spending'],
    subject: /^(account|key) \d+$/,
  },
  {
    what: 'a hold that is gone and still held',
    text: 'delete from holds where call_id = ?',
    values: [open.callId],
    found: ['account holds', 'key holds and spending'],
    subject: /^(account|key) \d+$/,
  },
  {
    what: 'money spent by a key that no call cost',
    text: 'update api_keys set spent_nanos = spent_nanos + 1 where id = ?',
    values: [keyId],
    found: ['key holds and spending'],
    subject: key,
  },
  {
    what: 'a hold of a call that has ended',
    text: 'update holds set call_id = ? where call_id = ?',
    values: [charged.callId, open.callId],
    found: ['ended calls'],
    subject: callName(charged),
  },
  {
    what: 'a call that is gone and was charged',
    text: 'delete from calls where id = ?',
    values: [charged.callId],
    found: ['charge counts', 'charges', 'totals'],
    subject: new RegExp(`^account ${accountId}`),
  },
  {
    what: 'a call charged twice',
    text: `insert into entries (account_id, seq, kind, plan_nanos, balance_nanos, plan_after_nanos,
                                balance_after_nanos, call_id)
           select account_id, seq + 1, kind, plan_nanos, balance_nanos,
                  plan_after_nanos + plan_nanos, balance_after_nanos + balance_nanos, call_id
             from entries where call_id = ?`,
    values: [charged.callId],
    found: ['balances', 'charge counts'],
    subject: account,
  },
  {
    what: 'a call that cost more than its hold',
    text: 'update calls set hold_nanos = cost_nanos - 1 where id = ?',
    values: [charged.callId],
    found: ['calls and holds'],
    subject: callName(charged),
  },
  {
    what: 'a charge for an answer that clients ask again for',
    text: 'update calls set status_code = 503 where id = ?',
    values: [charged.callId],
    found: ['calls and holds', 'totals'],
    subject: /^(call|account) /,
  },
  {
    what: 'a call whose cost is not its units by its price row',
    text: 'update calls set input_tokens = input_tokens + 1 where id = ?',
    values: [charged.callId],
    found: ['costs', 'totals'],
    subject: /^(call|account) /,
  },
  {
    what: 'a call that says it was served at another service tier',
    text: `update calls set service_tier = 'priority' where id = ?`,
    values: [charged.callId],
    found: ['costs'],
    subject: callName(charged),
  },
  {
    what: 'a call that was charged by a price row that is not there',
    text: 'update calls set price_id = 999 where id = ?',
    values: [charged.callId],
    found: ['costs'],
    subject: callName(charged),
  },
  ...['price_factor = 20000', 'account_factor = 5000', `other_units = '{"searches":-1}'`].map(
    (other) => ({
      what: `a call that is said to have ${other}`,
      text: `update calls set ${other} where id = ?`,
      values: [charged.callId],
      found: ['costs'],
      subject: callName(charged),
    }),
  ),
  {
    what: 'an overrun that nobody ran up',
    text: 'update calls set overrun_nanos = 1 where id = ?',
    values: [charged.callId],
    found: ['costs'],
    subject: callName(charged),
  },
  {
    what: 'a call that was let off',
    text: 'update calls set input_tokens = 5 where id = ?',
    values: [free.callId],
    found: ['costs', 'totals'],
    subject: /^(call|account) /,
  },
  {
    what: 'a hold of a living relay that is older than any call may last',
    text: `update holds set created_at = created_at - interval ${limits.ledger.holdSecondsMax} second
            where call_id = ?`,
    values: [open.callId],
    found: ['old holds'],
    subject: callName(open),
  },
  {
    what: 'an account that has spent what is not there',
    text: `update accounts set balance_held_nanos = balance_nanos + 1 where id = ?`,
    values: [accountId],
    found: ['account holds', 'overdrawn'],
    subject: account,
  },
  {
    what: 'a quarter of an hour that counts a call too many',
    text: 'update usage_quarters set calls = calls + 1 where account_id = ? and status_code = 200',
    values: [accountId],
    found: ['account totals', 'days of zones', 'totals'],
    subject: /^account \d+ (zone UTC )?day .{10}( slot \d\d?)?( key .* status 200.*)?$/,
  },
  {
    what: 'a quarter of an hour without its row',
    text: 'delete from usage_quarters where account_id = ? and status_code = 502',
    values: [accountId],
    found: ['account totals', 'days of zones', 'totals'],
    subject: /^account \d+ (zone UTC )?day .{10}( slot \d\d?)?( key .* status 502.*)?$/,
  },
  {
    what: 'a quarter of an hour of an account that costs what no call cost',
    text: 'update account_quarters set cost_nanos = cost_nanos + 1 where account_id = ?',
    values: [accountId],
    found: ['account days of zones', 'account totals'],
    subject: /^account \d+ (zone UTC day (.{10}|any)|day .{10} slot \d\d?)$/,
  },
  {
    what: 'a hold that every sweep has passed over',
    text: 'update relays set heartbeat_at = heartbeat_at - interval 301 second where id = ?',
    values: [ledger.relayId],
    found: ['silent holds'],
    subject: callName(open),
  },
  {
    what: 'an old hold of a relay that is not on the list',
    text: `update holds set relay_id = call_id, created_at = created_at - interval 301 second
            where call_id = ?`,
    values: [open.callId],
    found: ['silent holds'],
    subject: callName(open),
  },
]

describe('verify finds', () => {
  for (const { what, text, values, found, subject } of damages) {
    test(what, async () => {
      await sql(text, values)
      const { differences } = await verify(pool, readCosts)
      assert.deepEqual([...new Set(differences.map(({ check }) => check))].sort(), found)
      for (const difference of differences) {
        assert.match(difference.subject, subject)
        assert.notEqual(difference.expected, difference.found)
      }
    })
  }

  test('nothing wrong with an account that a late charge overdrew, and says what it read', async () => {
    const late = await newCustomer(pool, { balanceNanos: 50 })
    const [first, second] = [callOf(late), callOf(late)]
    await hold(ledger, first, 50)
    await ledger.lose({ facts: first })
    await hold(ledger, second, 50)
    await settle(ledger, second, 50)
    await settle(ledger, first, 50)
    const verdict = await verify(pool, readCosts)
    assert.deepEqual(verdict.differences, [])
    const { accounts, entries, calls, holds } = verdict
    assert.deepEqual([accounts, entries, calls, holds], [2, 5, 4, 1])
  })

  /** An account that a late charge has overdrawn by 50. */
  async function overdrawn() {
    const late = await newCustomer(pool, { balanceNanos: 50 })
    const [first, second] = [callOf(late), callOf(late)]
    for (const call of [first]) await hold(ledger, call, 50)
    await ledger.lose({ facts: first })
    await hold(ledger, second, 50)
    await settle(ledger, second, 50)
    await settle(ledger, first, 50)
    return late
  }
  /** Takes money that is not there, in a way that everything else agrees with. */
  async function take(from: { accountId: number }, nanos: number) {
    const entry = `insert into entries (account_id, seq, kind, plan_nanos, balance_nanos,
                                        plan_after_nanos, balance_after_nanos)
                   select id, entry_seq + 1, 'adjust', 0, -?, plan_nanos, balance_nanos - ?
                     from accounts where id = ?`
    await sql(entry, [nanos, nanos, from.accountId])
    const text = `update accounts set balance_nanos = balance_nanos - ?, entry_seq = entry_seq + 1
                   where id = ?`
    await sql(text, [nanos, from.accountId])
  }
  const findings = async () => {
    const { differences } = await verify(pool, readCosts)
    return differences.map(({ check, subject, found }) => `${check}: ${subject}: ${found}`)
  }
  const short = (from: { accountId: number }, nanos: number) => [
    `overdrawn: account ${from.accountId}: plan available 0, balance available -${nanos}`,
  ]

  test('an account that is overdrawn by more than what was late', async () => {
    const late = await overdrawn()
    await take(late, 1)
    assert.deepEqual(await findings(), short(late, 51))
  })

  test('an account short of plan credit, which no late charge takes', async () => {
    const late = await overdrawn()
    const text = 'update accounts set plan_held_nanos = plan_held_nanos + 1 where id = ?'
    await sql(text, [late.accountId])
    const checks = (await verify(pool, readCosts)).differences.map(({ check }) => check)
    assert.deepEqual(checks, ['account holds', 'overdrawn'])
  })

  test('what is missing long after a late charge was made good and paid with', async () => {
    const late = await overdrawn()
    const { accountId } = late
    const paid = { accountId, kind: 'topup', planNanos: 0, balanceNanos: 80 } as const
    await credit(pool, { ...paid, ref: 'made good', actor: 'test', note: null })
    // All that was before: as long ago as a hold may stand.
    const past = `update entries set created_at = created_at - interval ? second
                   where account_id = ?`
    await sql(past, [limits.ledger.holdSecondsMax + 60, accountId])
    const call = callOf(late)
    await hold(ledger, call, 30)
    await settle(ledger, call, 30)
    await expectCleanBooks(pool)
    await take(late, 20)
    assert.deepEqual(await findings(), short(late, 20))
  })
})

test('verify looks at every call’s cost, however many stretches there are', async () => {
  const some = await newCustomer(pool, { balanceNanos: 50_000 })
  const calls = Array.from({ length: 40 }, () => callOf(some))
  await Promise.all(calls.map((call) => hold(ledger, call, 10)))
  await Promise.all(calls.map((call) => settle(ledger, call, 10)))
  const ids = calls.map(({ callId }) => callId)
  await sql('update calls set price_id = 7 where id in (?)', [ids])
  const asked: number[] = []
  const counting: typeof readCosts = async (db) => {
    const costs = await readCosts(db)
    const costOf = present(costs.get(1))
    costs.set(7, (units, charged) => {
      asked.push(units.inputTokens)
      return costOf(units, charged)
    })
    return costs
  }
  assert.deepEqual((await verify(pool, counting, { callsAtOnce: 7 })).differences, [])
  assert.deepEqual(asked, Array<number>(40).fill(10))
})

test('verify sees one moment, however much money moves while it reads', async () => {
  const many = await Promise.all(
    Array.from({ length: 6 }, () => newCustomer(pool, { balanceNanos: 9_000 })),
  )
  let isBusy = true
  const spend = async (spender: (typeof many)[number]) => {
    for (let i = 0; i < 40; i++) {
      const call = callOf(spender)
      await hold(ledger, call, 100)
      await settle(ledger, call, 60)
    }
  }
  const look = async () => {
    let looks = 0
    do {
      await expectCleanBooks(pool)
      looks++
    } while (isBusy)
    return looks
  }
  const looking = look()
  await Promise.all(many.map(spend))
  isBusy = false
  assert.ok((await looking) > 1)
})
