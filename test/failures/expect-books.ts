import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import mysql from 'mysql2/promise'
import { createPool, migrate, run, type Pool } from '../../app/db/db.server.ts'
import { createKey } from '../../app/keys/keys.server.ts'
import { credit, verify, type Verdict } from '../../app/ledger/ledger.server.ts'
import type { DemoUpstream, Served } from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { waitUntil } from '../../dev/servers/processes.ts'
import type { Heard } from './client.ts'

/** The books that relays of other processes write, as a test reads them behind their back. */
export type RelayBooks = {
  url: string
  pool: Pool
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}
export type Customer = { accountId: number; keyId: number; secret: string }

/** Nano-dollars a token, so that what a call costs can be seen at a glance. */
const prices = {
  /** Only output costs, so that `max_tokens` says exactly what is held. */
  'whole-output': { input: 0, output: 1_000 },
  'whole-both': { input: 150, output: 600 },
}
export type Model = keyof typeof prices

/** Migrates an empty database, and puts two models on sale. */
export async function openBooks(url: string): Promise<RelayBooks> {
  await migrate(url)
  const pool = createPool(url)
  // A pool of the driver's own: it connects again after the database was away.
  const plain = mysql.createPool({ uri: url, timezone: 'Z', connectionLimit: 2 })
  for (const name of Object.keys(prices) as Model[]) await putOnSale(pool, name)
  return {
    url,
    pool,
    async sql<Row>(text: string, values: unknown[] = []) {
      const [rows] = await plain.query(text, values)
      return rows as Row[]
    },
    async close() {
      await pool.close()
      await plain.end()
    },
  }
}

async function putOnSale(pool: Pool, name: Model) {
  const contextTokens = 128_000
  const facts = { kind: 'chat' as const, reasoning: 0, vision: 0, ownedBy: 'tests' }
  await run(pool, 'catalog/insert-model', {
    ...{ name, ...facts, retiresOn: null },
    ...{ contextTokens, outputTokensMax: 16_384 },
  })
  const { input, output } = prices[name]
  const tier = { upToInputTokens: null, cachedInput: null, cacheWrite: null }
  const tiers = [{ ...tier, input: input * 1e6, output: output * 1e6 }]
  const terms = JSON.stringify({ tiers, multipliers: {}, serviceTiers: [] })
  const effectiveFrom = new Date('2001-01-01T00:00:00Z')
  await run(pool, 'catalog/insert-price', { model: name, effectiveFrom, terms, actor: 'tests' })
}

/** What these tokens cost, by the prices above and nothing of the program. */
export const priceOf = (model: string, inputTokens: number, outputTokens: number): number => {
  const { input, output } = prices[model as Model]
  return inputTokens * input + outputTokens * output
}

/** A customer with money and a key whose secret is known. */
export async function newCustomer(
  { pool, sql }: RelayBooks,
  { planNanos = 0, balanceNanos = 0 }: { planNanos?: number; balanceNanos?: number },
): Promise<Customer> {
  const inserted: unknown = await sql('insert into accounts (name) values (?)', ['a customer'])
  const accountId = (inserted as mysql.ResultSetHeader).insertId
  const given = { kind: 'grant', ref: randomUUID(), actor: 'test', note: null } as const
  await credit(pool, { ...given, accountId, planNanos, balanceNanos })
  return { accountId, ...(await newKey(pool, accountId)) }
}

export async function newKey(pool: Pool, accountId: number) {
  const made = await createKey(pool, accountId, { name: 'a key' })
  return { keyId: made!.id, secret: made!.secret }
}

export type CallRow = Record<'id' | 'model' | 'outcome' | 'usageSource', string> &
  Record<'costNanos' | 'inputTokens' | 'outputTokens' | 'statusCode' | 'charges', number> & {
    upstreamId: string | null
    chargedNanos: number | null
  }

/** The calls and what the ledger's entries charged for each. */
export const readCalls = ({ sql }: RelayBooks, where = 'true', values: unknown[] = []) =>
  sql<CallRow>(
    `select lower(hex(id)) as id, model, outcome, usage_source as usageSource,
            cost_nanos as costNanos, input_tokens as inputTokens, output_tokens as outputTokens,
            status_code as statusCode, upstream_request_id as upstreamId,
            coalesce(charged.charges, 0) as charges, charged.nanos as chargedNanos
       from calls left join (
              select call_id, count(*) as charges,
                     cast(-sum(plan_nanos + balance_nanos) as signed) as nanos
                from entries where kind = 'charge' group by call_id) charged on call_id = id
      where ${where} order by id`,
    values,
  )

type Upstream = Pick<DemoUpstream, 'servedBy'>

function servedFor({ id, upstreamId }: CallRow, upstream: Upstream): Served {
  const served = upstream.servedBy(upstreamId ?? '')
  assert.ok(served, `the upstream knows call ${id}`)
  return served
}

/** Every call that its client saw complete is billed once, at the upstream's own count. */
export async function expectBilledOnce(books: RelayBooks, heard: Heard[], upstream: Upstream) {
  const complete = heard.filter(({ isComplete }) => isComplete)
  if (complete.length === 0) return
  const ids = complete.map(({ id }) => Buffer.from(id!, 'hex'))
  const rows = new Map((await readCalls(books, 'id in (?)', [ids])).map((row) => [row.id, row]))
  for (const { id } of complete) {
    const row = rows.get(id!)
    assert.ok(row, `call ${id} is in the books`)
    const { promptTokens, completionTokens } = servedFor(row, upstream)
    const costNanos = priceOf(row.model, promptTokens, completionTokens)
    assert.deepEqual(
      [row.outcome, row.charges, row.chargedNanos, row.costNanos],
      ['completed', 1, costNanos, costNanos],
      `call ${id}`,
    )
  }
}

/** No call cost more than the upstream reported for it, and none was billed twice. */
export async function expectNoneTooDear(books: RelayBooks, upstream: Upstream): Promise<CallRow[]> {
  const rows = await readCalls(books)
  const seen = new Set<string>()
  for (const row of rows) {
    assert.ok(row.charges <= 1, `call ${row.id} has at most one charge`)
    assert.equal(row.chargedNanos ?? 0, row.costNanos, `call ${row.id}`)
    if (row.costNanos === 0) continue
    const { id, promptTokens, completionTokens } = servedFor(row, upstream)
    assert.ok(!seen.has(id), `${id} was charged once`)
    seen.add(id)
    const most = priceOf(row.model, promptTokens, completionTokens)
    assert.ok(row.costNanos <= most, `call ${row.id} cost ${row.costNanos}, at most ${most}`)
  }
  return rows
}

/** Runs `verify`: nothing may differ, and with no call under way nothing may be held. */
export async function expectCleanBooks({ pool }: RelayBooks): Promise<Verdict> {
  const verdict = await verify(pool)
  assert.deepEqual(verdict.differences, [])
  return verdict
}

/** Resolves when all calls have been settled: no hold is open any more. */
export const whenNothingIsHeld = ({ sql }: RelayBooks, msMax = 20_000) =>
  waitUntil(
    'the last settlement',
    msMax,
    async () => (await sql('select 1 from holds')).length === 0,
  )
