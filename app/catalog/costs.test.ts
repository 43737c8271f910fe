import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { billOf, callOf, hold, testBooks, type TestBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { verify } from '../ledger/ledger.server.ts'
import { costOf, readCosts, Terms, termsAt } from './catalog.server.ts'

let books: TestBooks
before(async () => {
  books = await testBooks()
})
after(() => books.close())

/** Ten times as dear from one to four o'clock. */
const terms = Terms.parse({
  times: [
    {
      when: [{ from: '01:00', to: '04:00' }],
      tiers: [{ upToInputTokens: null, prices: { input: 1e7, output: 1e7, searches: 5e7 } }],
    },
    {
      when: null,
      tiers: [{ upToInputTokens: null, prices: { input: 1e6, output: 1e6, searches: 5e6 } }],
    },
  ],
  basisPoints: { flex: 5_000 },
  serviceTiers: ['flex'],
})
const priceId = 1_000_000_000_007
const usage = {
  inputTokens: 7,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 3,
  reasoningTokens: 0,
  more: { searches: 3 },
  source: 'upstream',
  flag: null,
} as const

test('verify has what each call cost by its hour, its units and its factors, by a cost’s row too', async () => {
  const { pool, sql } = books
  const ledger = books.ledger()
  const customer = await newCustomer(pool, { balanceNanos: 1_000_000 })
  await sql(
    `insert into cost_prices (id, scope, model, effective_from, terms, source, actor) values (?)`,
    [[priceId, 'upstream:u', 'm', '2000-01-01', JSON.stringify(terms), 'test', 'test']],
  )
  const charged: number[] = []
  const book = async (at: string, serviceTier: string | null, factors: [number, number]) => {
    const [priceFactor, accountFactor] = factors
    const facts = callOf(customer, { startedAt: new Date(at) })
    const price = termsAt(terms, facts.startedAt)
    const costNanos = costOf(price, usage, serviceTier, { priceFactor, accountFactor })
    charged.push(costNanos)
    await hold(ledger, facts, 10_000)
    const bill = billOf(costNanos, { usage, priceId, serviceTier, priceFactor, accountFactor })
    await ledger.settle({ facts, bill })
  }
  await book('2026-11-26T03:59:59.999Z', null, [10_000, 10_000])
  await book('2026-11-26T04:00:00.000Z', null, [10_000, 10_000])
  await book('2026-11-26T03:59:59.999Z', 'flex', [10_000, 10_000])
  await book('2026-11-26T04:00:00.000Z', 'flex', [12_000, 9_000])
  // Ten tokens, of which half is to pay, and three searches of five, which flex leaves as they are; 20 ×
  // 1.2 × 0.9 is rounded up.
  assert.deepEqual(charged, [250, 25, 200, 22])
  assert.deepEqual((await verify(pool, readCosts)).differences, [])
  const rows = await sql<{ units: string }>('select distinct other_units as units from calls')
  assert.deepEqual(rows, [{ units: '{"searches":3}' }])
})
