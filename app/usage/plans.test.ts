import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { setTimeZone } from '../accounts/accounts.server.ts'
import { priced, readModels, seedCatalog } from '../catalog/catalog.server.ts'
import type { Bound, Db } from '../db/db.server.ts'
import { testBooks } from '../../test/books.ts'
import { engineOf } from '../../test/database.ts'
import { foldDays } from '../ledger/ledger.server.ts'
import { dayMs } from '../values/days.ts'
import { newCustomer } from '../../test/customer.ts'
import { newCallId } from '../values/call-id.ts'
import { everything, type Filter } from './filter.ts'
import {
  ensurePartitions,
  listCalls,
  readCall,
  readBars,
  sumBefore,
  sumModels,
  sumParts,
  streamCsv,
  sumUsage,
} from './usage.server.ts'
import { makeHistory } from '../sample-history/sample-history.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql, url } = books

const demo = { name: 'demo', definition: { kind: 'openai', prices: null } } as const
const now = new Date('2026-11-22T12:00:00Z')
const [big, small] = [await newCustomer(pool), await newCustomer(pool)]
await seedCatalog(pool)
await ensurePartitions(url, { now, oldest: new Date('2026-09-01T00:00:00Z') })
const models = (await readModels(pool, [demo]))
  .flatMap((model) => priced(model, now) ?? [])
  .slice(0, 5)
for (const [{ accountId, keyId }, calls] of [[big, 60_000] as const, [small, 3_000] as const]) {
  const seed = { accountId, keyIds: [keyId, keyId], models, calls, days: 60 }
  const ref = `seed:${accountId}`
  await makeHistory(pool, { ...seed, endMs: now.getTime(), actor: 'test', ref })
}
await sql('analyze table calls, usage_quarters, account_quarters, entries')

/** A database that explains each statement before it runs it. */
function explaining() {
  const statements: Bound[] = []
  const db: Db = {
    send(bound) {
      statements.push(bound)
      return pool.send(bound)
    },
  }
  return { db, statements }
}
type Plan = Record<'table' | 'type' | 'key' | 'Extra', string | null> & { rows: number | null }
async function plansOf(statements: Bound[]) {
  const plans: (Plan & { name: string })[] = []
  for (const { text, values, statement } of statements) {
    const rows = await sql<Plan>(`explain format = traditional ${text}`, values)
    plans.push(...rows.map((row) => ({ ...row, name: statement.name })))
  }
  return plans
}

const today = '2026-11-22'
/** What charts read: by model and by key, of days and of hours, and of the days before. */
async function chartBoth(db: Db, filter: Filter) {
  const names = models.map(({ name }) => name)
  const oneDay = { ...filter, from: '2026-11-05', to: '2026-11-05' }
  for (const stack of [
    { by: 'model' as const, parts: names },
    { by: 'key' as const, parts: [big.keyId] },
  ])
    for (const of of [filter, oneDay])
      await readBars(db, big.accountId, of, { measure: 'cost', today, stack })
  await sumBefore(db, big.accountId, { ...filter, from: '2026-11-15' }, now)
}

const filters: Record<string, Partial<Filter>> = {
  nothing: {},
  'a model': { model: present(models[0]).name },
  'a rare model': { model: present(models.at(-1)).name },
  'a key': { keyId: big.keyId },
  'a code': { status: '503' },
  'a class': { status: '4xx' },
  'an outcome': { outcome: 'late' },
  'some days': { from: '2026-10-03', to: '2026-10-09' },
  'a person': { userId: 1 },
  'all of it': {
    model: present(models[0]).name,
    keyId: big.keyId,
    status: '2xx',
    outcome: 'completed',
    from: '2026-10-03',
    to: '2026-11-09',
  },
}
const middle = newCallId(Date.UTC(2026, 9, 20))
const places = {
  first: { before: null, after: null, page: 1 },
  tenth: { before: null, after: null, page: 10 },
  deep: { before: middle, after: null, page: 1 },
  back: { before: null, after: middle, page: 1 },
}

describe('no listing sorts or scans', () => {
  for (const [what, narrowed] of Object.entries(filters)) {
    test(`filtered by ${what}`, async () => {
      const filter = { ...everything, ...narrowed }
      for (const [where, place] of Object.entries(places)) {
        const { db, statements } = explaining()
        await listCalls(db, big.accountId, filter, { ...place, rows: 50 })
        for (const { name, table, type, key, Extra } of await plansOf(statements)) {
          const at = `${what}, ${where}: ${name} on ${table}: ${type} ${key} ${Extra}`
          assert.ok(!/filesort/i.test(Extra ?? ''), at)
          // `ALL` of a derived table or of the union itself reads what the branches gave.
          const isOurs = table !== null && !table.startsWith('<')
          if (isOurs) assert.ok(type !== 'ALL' && type !== 'index', at)
          if (table === 'calls') assert.match(key ?? '', /^calls_(account|facets)$/, at)
        }
      }
    })
  }

  test('totals, facets, the receipt and the CSV read by index', async () => {
    const { db, statements } = explaining()
    const filter = { ...everything, status: '4xx' }
    await sumUsage(db, big.accountId, filter)
    await sumParts(db, big.accountId, everything)
    await chartBoth(db, filter)
    await chartBoth(db, everything)
    const [call] = (await listCalls(pool, big.accountId, filter, { ...places.first, rows: 1 }))
      .calls
    await readCall(db, big.accountId, present(call).id)
    for await (const _ of streamCsv(db, big.accountId, { ...everything, status: '503' })) continue
    for (const { name, table, type, key } of await plansOf(statements)) {
      if (table === null || table.startsWith('<')) continue
      assert.ok(type !== 'ALL' && type !== 'index', `${name} on ${table}: ${type} ${key}`)
    }
  })

  test('of days that are folded no quarter is read, in none of their zones', async () => {
    const zones = ['UTC', 'Asia/Kolkata']
    await setTimeZone(pool, { ...big, zone: 'Asia/Kolkata', userId: null })
    await foldDays(pool, now.getTime() + 3 * dayMs)
    await sql('analyze table usage_zone_days, account_zone_days')
    const { db, statements } = explaining()
    for (const zone of zones) {
      await sumUsage(db, big.accountId, { ...everything, zone })
      await sumUsage(db, big.accountId, { ...everything, zone, status: '4xx' })
      await sumModels(db, big.accountId, { ...everything, zone, from: '2026-10-03' })
      await sumParts(db, big.accountId, { ...everything, zone })
      const stack = { by: 'model' as const, parts: [present(models[0]).name] }
      const filter = { ...everything, zone }
      await readBars(db, big.accountId, filter, { measure: 'cost', today, stack })
    }
    const quarters = (await plansOf(statements)).filter(({ table }) =>
      /quarters$/.test(table ?? ''),
    )
    // MySQL plans without looking how far it is folded, and looks when it runs.
    const { isMariadb } = await engineOf(url)
    for (const { name, rows, type } of isMariadb ? quarters : [])
      assert.ok(type === 'range' && present(rows) <= 2, `${name}: ${type} of ${rows}`)
  })

  test('the receipt has its price and its charge, and nobody else can read it', async () => {
    const filter = { ...everything, outcome: 'completed' as const }
    const [call] = (await listCalls(pool, big.accountId, filter, { ...places.first, rows: 1 }))
      .calls
    assert.ok(call)
    const receipt = await readCall(pool, big.accountId, call.id)
    assert.ok(receipt)
    assert.equal(receipt.call.costNanos, call.costNanos)
    assert.ok(present(receipt.terms).tiers.length > 0)
    assert.deepEqual(
      receipt.entries.map(({ kind, balanceNanos }) => [kind, 0 - balanceNanos]),
      [['charge', call.costNanos]],
    )
    assert.equal(await readCall(pool, small.accountId, call.id), undefined)
  })
})
