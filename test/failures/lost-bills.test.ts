import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { newCustomer } from '../customer.ts'
import { call } from './client.ts'
import { Opened } from './opened.ts'
import { openSite, type Site } from './site.ts'

const model = 'whole-both'
const opened = new Opened()
let site: Site
before(async () => (site = await openSite(opened)))
after(() => opened.close())

type Line = { event: string; level: string; call: string; account: number; costNanos: number }
const linesOf = (logged: string) =>
  logged
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ event }) => event === 'bill_lost')

/**
 * Calls that are answered and cannot be booked, of a relay that is then told to end: it may have
 * ended, after so many ms, before they can be again.
 */
async function endOwing({ settleMsMax }: { settleMsMax?: number } = {}) {
  const { sql, pool } = site.books
  const relay = await site.startRelay({
    shutdown: { delayMs: 0, ...(settleMsMax && { settleMsMax }) },
  })
  const customer = await newCustomer(pool, { balanceNanos: 100e9 })
  const served = site.upstream.served().length
  const underWay = Array.from({ length: 4 }, (_, i) =>
    call(relay.url, { ...customer, model, say: '[[slow:500]]', isStreamed: i % 2 === 0 }),
  )
  await eventually('all are forwarded', () => site.upstream.served().length === served + 4)
  await sql('rename table usage_quarters to usage_quarters_away')
  const heard = await Promise.all(underWay).finally(() => relay.sigterm())
  if (settleMsMax) await relay.exited
  await sql('rename table usage_quarters_away to usage_quarters')
  const { code } = await relay.exited
  assert.deepEqual([...new Set(heard.map(({ status }) => status))], [200])
  const ids = heard.map(({ headers }) => headers['x-request-id'])
  return { code, customer, ids, bills: linesOf(relay.logged()) }
}

test('a relay that ends with bills it cannot book names each of them, and says so', async () => {
  const { code, customer, ids, bills } = await endOwing({ settleMsMax: 300 })
  assert.equal(code, 1)
  assert.deepEqual(bills.map((bill) => bill.call).sort(), ids.sort())
  for (const { level, account, costNanos } of bills) {
    assert.deepEqual([level, account], ['error', customer.accountId])
    assert.ok(Number.isSafeInteger(costNanos) && costNanos > 0)
  }
})

test('a relay whose bills can be booked again before its end has lost none', async () => {
  const { code, customer, bills } = await endOwing()
  assert.deepEqual([code, bills], [0, []])
  const calls = await site.books.sql<{ outcome: string }>(
    'select outcome from calls where account_id = ?',
    [customer.accountId],
  )
  assert.deepEqual(
    calls.map(({ outcome }) => outcome),
    Array(4).fill('completed'),
  )
})
