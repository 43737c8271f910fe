import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setAccountFactor } from '../accounts/accounts.server.ts'
import {
  askOf,
  billOf,
  callOf,
  hold,
  moneyOf,
  reserve,
  testBooks,
  usageOf,
} from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { createLane } from '../db/db.server.ts'
import { verify, type Bill } from './ledger.server.ts'
import { readCosts } from '../catalog/catalog.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books
const ledger = books.ledger()

const costPriceId = 1_000_000_000_001
const halfOfTest = JSON.stringify({
  times: [
    { when: [{ from: '16:30', to: '00:30' }], tiers: tiersOf(500_000) },
    { when: null, tiers: tiersOf(2_000_000) },
  ],
  basisPoints: {},
  serviceTiers: [],
})
function tiersOf(input: number) {
  return [{ upToInputTokens: null, prices: { input, output: 0, searches: 7_000_000 } }]
}
await sql(
  `insert into cost_prices (id, scope, model, effective_from, terms, source, actor) values (?)`,
  [[costPriceId, 'upstream:a', 'gpt-test', '2000-01-01', halfOfTest, 'test', 'test']],
)
const setFactor = (accountId: number, factor: number | null) =>
  setAccountFactor(pool, { accountId, factor, actor: 'test' })
const columns = `price_id as priceId, price_factor as priceFactor, account_factor as accountFactor,
  other_units as otherUnits, upstream_nanos as upstreamNanos, upstream_key as upstreamKey, tries`
const rowOf = async (callId: Buffer) => {
  const [row] = await sql<object>(`select ${columns} from calls where id = ?`, [callId])
  return { ...row }
}

/** Charged by a row of the other table, in its cheap hours, with units besides tokens. */
const startedAt = new Date('2026-11-26T16:30:00.000Z')
const full: Partial<Bill> = {
  priceId: costPriceId,
  priceFactor: 12_000,
  accountFactor: 9_000,
  usage: { ...usageOf(100_001, 20), more: { searches: 3 } },
  upstreamNanos: 522,
  upstreamKey: 'main',
  tries: '[]',
}
/** (100,001 × 0.5 + 3 × 7) × 1.2 × 0.9 is 54,023.22. */
const fullNanos = 54_024
const written = {
  priceId: costPriceId,
  priceFactor: 12_000,
  accountFactor: 9_000,
  otherUnits: '{"searches":3}',
  upstreamNanos: 522,
  upstreamKey: 'main',
  tries: '[]',
}

test('a call keeps by what it was charged, plan first, and verify finds whatever is wrong', async () => {
  const customer = await newCustomer(pool, { planNanos: 100, balanceNanos: 100_000 })
  await setFactor(customer.accountId, 9_000)
  const facts = callOf(customer, { startedAt })
  const grant = await hold(ledger, facts, 70_000)
  assert.deepEqual([grant.holdNanos, grant.planNanos, grant.accountFactor], [63_000, 100, 9_000])
  await setFactor(customer.accountId, 30_000)
  await ledger.settle({ facts, bill: billOf(fullNanos, full) })
  assert.deepEqual(await rowOf(facts.callId), written)
  const { plan, planHeld, balance, balanceHeld } = await moneyOf(books, customer)
  assert.deepEqual([plan, planHeld, balance, balanceHeld], [0, 0, 100_100 - fullNanos, 0])
  await expectCleanBooks(pool)
  // Repeated with something else, nothing changes.
  const again = await ledger.settle({ facts, bill: billOf(1) })
  assert.deepEqual([again.state, again.chargedNanos], ['repeated', fullNanos])
  assert.deepEqual(await rowOf(facts.callId), written)

  const mutations = [
    'price_factor = 12001',
    'price_factor = null',
    'account_factor = 9001',
    'account_factor = null',
    `other_units = '{"searches":4}'`,
    'other_units = null',
    `other_units = 'odd'`,
    'price_id = 1',
    'price_id = 1000000000009',
    'input_tokens = 100003',
    "started_at = '2026-11-26 16:29:59.999'",
    "started_at = '2026-11-26 00:30:00.000'",
  ]
  const [row] = await sql<Record<string, unknown>>('select * from calls where id = ?', [
    facts.callId,
  ])
  for (const mutation of mutations) {
    await sql(`update calls set ${mutation} where id = ?`, [facts.callId])
    const { differences } = await verify(pool, readCosts)
    const found = differences.map(({ check }) => check)
    assert.ok(found.includes('costs'), mutation)
    const [column = ''] = mutation.split(' ')
    await sql(`update calls set ${column} = ? where id = ?`, [row![column], facts.callId])
  }
  await expectCleanBooks(pool)
  await sql('update accounts set factor = 1 where id = ?', [customer.accountId])
  assert.deepEqual(
    (await verify(pool, readCosts)).differences.map(({ check, expected }) => [check, expected]),
    [['account factors', 'factor 30000']],
  )
  await setFactor(customer.accountId, null)
  await expectCleanBooks(pool)
})

test('a call that a sweep gave up keeps it when its bill comes late, and before as well', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 100_000 })
  await setFactor(customer.accountId, 9_000)
  const facts = callOf(customer, { startedAt })
  await hold(ledger, facts, 70_000)
  await ledger.lose({ facts })
  const nothing = {
    priceId: 1,
    priceFactor: null,
    accountFactor: null,
    otherUnits: null,
    upstreamNanos: null,
    upstreamKey: null,
    tries: null,
  }
  assert.deepEqual(await rowOf(facts.callId), nothing)
  await expectCleanBooks(pool)
  const late = await ledger.settle({ facts, bill: billOf(fullNanos, full) })
  assert.deepEqual([late.state, late.chargedNanos], ['late', fullNanos])
  assert.deepEqual(await rowOf(facts.callId), written)
  await expectCleanBooks(pool)
})

test('a call whose COMMIT came true unheard keeps the factor it was let in with', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 100_000 })
  const { accountId } = customer
  let wasHeard = true
  /** Its first COMMIT is done, and then somebody changes the factor before anybody hears of it. */
  const unsure = books.ledger({
    laneOf(url) {
      const lane = createLane(url)
      return {
        async send(batch, how) {
          const answers = await lane.send(batch, how)
          if (!wasHeard || batch.at(-1)?.statement.name !== 'ledger/commit') return answers
          wasHeard = false
          await setFactor(accountId, 20_000)
          await lane.close()
          throw Object.assign(new Error('lost'), { code: 'ECONNRESET', errno: -104, fatal: true })
        },
        close: () => lane.close(),
      }
    },
  })
  await setFactor(accountId, 5_000)
  const facts = callOf(customer)
  const grant = await unsure.reserve({ facts, ask: askOf(1_000), lastTry: true })
  assert.ok(grant.granted)
  assert.equal(wasHeard, false)
  assert.deepEqual([grant.holdNanos, grant.accountFactor], [500, 5_000])
  await ledger.settle({
    facts,
    bill: billOf(500, { usage: usageOf(1_000, 0), accountFactor: grant.accountFactor }),
  })
  const next = await reserve(ledger, callOf(customer), 1_000)
  assert.deepEqual(next.granted && [next.holdNanos, next.accountFactor], [2_000, 20_000])
})
