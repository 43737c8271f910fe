import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { testBooks, type TestBooks } from '../../test/books.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { present } from '../../test/present.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { findOrSignUp, localDeveloper } from '../auth/auth.server.ts'
import { readStatement } from '../billing/billing.server.ts'
import { costOf, readModels, seedCatalog, termsAt, type Model } from '../catalog/catalog.server.ts'
import { createKey } from '../keys/keys.server.ts'
import { everything, totals } from '../usage/usage.server.ts'
import type { CallErrorCode } from '../values/error-codes.ts'
import type { Outcome } from '../values/outcomes.ts'
import { wireError } from '../errors/errors.ts'

const now = new Date('2026-11-22T12:00:00Z')

type Call = {
  id: Buffer
  model: string
  price: number
  outcome: Outcome
  status: number
  code: CallErrorCode | null
  streamed: number
  inputTokens: number
  cachedTokens: number
  cacheWriteTokens: number
  outputTokens: number
  reasoningTokens: number
  source: 'upstream' | 'counted' | 'none'
  tier: string | null
  cost: number
  upstream: string | null
  upstreamStatus: number | null
}

/** What the relay and its ledger write together; see `endingOf`, `giveUp` and `BatchState`. */
function canEndSo(call: Call): boolean {
  const { outcome, status, code, streamed, source, upstream, upstreamStatus } = call
  if ((upstream === null) !== (upstreamStatus === null)) return false
  switch (outcome) {
    case 'completed':
    case 'late':
      return code === null && status === 200 && upstreamStatus === 200
    case 'refused':
      return code === 'insufficient_balance' && status === 402 && upstream === null
    case 'lost':
      return code === null && status === 500 && source === 'none' && upstream === null
    case 'disconnected':
      return code === 'client_closed_request' && status === 499
    case 'revoked':
      return code === 'invalid_api_key' && status === 200 && streamed === 1
    case 'failed': {
      if (code === 'upstream_refused') return status === 400 && upstreamStatus === 400
      if (status === 200) return code === 'upstream_error' && streamed === 1 && source === 'none'
      if (upstreamStatus === 200) return false
      const ours = ['upstream_error', 'upstream_unavailable', 'upstream_timeout'] as const
      const isLimit = code === 'rate_limit_exceeded' && upstreamStatus === 429
      if (!code || !(isLimit || ours.some((it) => it === code))) return false
      return status === wireError(code).status && source === 'none'
    }
  }
}

describe('a made-up history', () => {
  let books: TestBooks
  let models: Map<string, Model>
  let relay: ReturnType<typeof capturedCli>
  let local: ReturnType<typeof capturedCli>
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
  const made = { accountId: 0, costNanos: 0 }

  before(async () => {
    books = await testBooks()
    relay = capturedCli({ DATABASE_URL: books.url }, () => now)
    local = capturedCli({ DATABASE_URL: books.url, RELAY_MODE: 'local' }, () => now)
    await seedCatalog(books.pool)
    models = new Map((await readModels(books.pool)).map((model) => [model.name, model]))
    const answer = await json('seed-calls', '30000', '--days', '80', '--models', '40')
    made.accountId = answer.account_id
    made.costNanos = answer.cost_nanos
  })
  after(() => books.close())

  test('is booked in the order of time, and its balance is never below zero', async () => {
    const entries = await books.sql<{ seq: number; at: Date; after: number; kind: string }>(
      `select seq, created_at as at, balance_after_nanos as after, kind from entries
        where account_id = ? order by seq`,
      [made.accountId],
    )
    assert.ok(entries.length > 27_000)
    for (const [i, { seq, at, after }] of entries.entries()) {
      assert.equal(seq, i + 1)
      assert.ok(i === 0 || at >= entries[i - 1]!.at, `entry ${seq}`)
      assert.ok(after >= 0)
    }
    assert.ok(entries.at(-1)!.at < now)
    const grants = entries.filter(({ kind }) => kind === 'grant')
    assert.deepEqual(
      grants.map(({ at }) => at.toISOString().slice(0, 7)),
      ['2026-09', '2026-10', '2026-11'],
    )
    assert.deepEqual((await json('verify')).differences, [])
  })

  test('has statements that say what the calls of each month cost', async () => {
    const { accountId } = made
    const [account] = await books.sql<{ entries: number; month: string }>(
      `select entry_seq as entries, date_format(created_at, '%Y-%m') as month
         from accounts where id = ?`,
      [accountId],
    )
    // The page of statements begins with the account's own month.
    assert.equal(account!.month, '2026-09')
    let seenNanos = 0
    for (const month of ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12']) {
      const [sums] = await books.sql<{ calls: number; cost: number }>(
        `select count(*) as calls, cast(coalesce(sum(cost_nanos), 0) as signed) as cost
           from calls where account_id = ? and cost_nanos > 0
            and date_format(ended_at, '%Y-%m') = ?`,
        [accountId, month],
      )
      const { lines } = await readStatement(books.pool, accountId, month, account!.entries)
      const charges = lines.find(({ kind }) => kind === 'charge')
      assert.deepEqual(
        [charges?.entries ?? 0, 0 - (charges?.balanceNanos ?? 0)],
        [sums!.calls, sums!.cost],
      )
      seenNanos += sums!.cost
    }
    assert.equal(seenNanos, made.costNanos)
  })

  test('has no call that the relay could not have written, each at its price', async () => {
    const calls = await books.sql<Call>(
      `select id, model, price_id as price, outcome, status_code as status, error_code as code,
              streamed, input_tokens as inputTokens, cached_tokens as cachedTokens,
              cache_write_tokens as cacheWriteTokens, output_tokens as outputTokens,
              reasoning_tokens as reasoningTokens, usage_source as source, service_tier as tier,
              cost_nanos as cost, upstream, upstream_status as upstreamStatus
         from calls where account_id = ?`,
      [made.accountId],
    )
    assert.equal(calls.length, 30_000)
    for (const call of calls) {
      assert.ok(canEndSo(call), JSON.stringify(call))
      const model = models.get(call.model)!
      assert.equal(model.kind, 'chat')
      const terms = present(model.prices.find(({ id }) => id === call.price)?.terms)
      assert.equal(
        call.cost,
        costOf(termsAt(terms, new Date(0)), call, call.tier),
        JSON.stringify(call),
      )
      assert.equal(call.source === 'none', call.inputTokens + call.outputTokens === 0)
    }
    const seen = new Set(calls.map(({ outcome }) => outcome))
    assert.ok(seen.has('completed') && seen.has('disconnected') && seen.has('refused'))
    assert.ok(new Set(calls.map(({ model }) => model)).size > 20)
  })

  test('is the same for the same order', async () => {
    const again = await json('seed-calls', '30000', '--days', '80', '--models', '40')
    assert.equal(again.cost_nanos, made.costNanos)
    const kinds = (id: number) =>
      books.sql(
        `select model, outcome, error_code, input_tokens, cost_nanos, count(*) as calls from calls
          where account_id = ? group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
        [id],
      )
    assert.deepEqual(await kinds(again.account_id), await kinds(made.accountId))
  })

  test('is refused to an account with later entries, which then has no more than before', async () => {
    const { accountId, keyId } = await newCustomer(books.pool, { balanceNanos: 5 })
    const { exitCode, err } = await relay('seed-calls', '10', '--account', String(accountId))
    assert.equal(exitCode, 1)
    assert.match(err, /later time/)
    const [account] = await books.sql<{ entries: number; newest: number }>(
      `select entry_seq as entries, (select max(id) from api_keys) as newest
         from accounts where id = ?`,
      [accountId],
    )
    assert.deepEqual([account!.entries, account!.newest], [1, keyId])
    assert.equal((await relay('seed-calls', '1', '--account', String(made.accountId))).exitCode, 1)
  })

  test('is refused to an account with plan credit', async () => {
    const { accountId } = await newCustomer(books.pool, { planNanos: 5 })
    await books.sql('update entries set created_at = "2026-01-01" where account_id = ?', [
      accountId,
    ])
    const { exitCode, err } = await relay('seed-calls', '10', '--account', String(accountId))
    assert.equal(exitCode, 1)
    assert.match(err, /plan credit/)
  })

  test('follows what an account had before, by keys that have no budget and no list', async () => {
    const { accountId } = await newCustomer(books.pool, { balanceNanos: 7, budgetNanos: 1 })
    await books.sql('update entries set created_at = "2026-01-01" where account_id = ?', [
      accountId,
    ])
    await createKey(books.pool, accountId, { name: 'listed', models: ['gpt-4o'] })
    const free = (await createKey(books.pool, accountId, { name: 'free' }))!.id
    assert.equal((await relay('seed-calls', '500', '--account', String(accountId))).exitCode, 0)
    const used = await books.sql('select distinct key_id as id from calls where account_id = ?', [
      accountId,
    ])
    assert.deepEqual(used, [{ id: free }])
    assert.equal((await totals(books.pool, accountId, everything)).calls, 500)
    await expectCleanBooks(books.pool)
  })

  test('is the developer’s in local mode, unless an account is named', async () => {
    const { accountId } = await findOrSignUp(books.pool, localDeveloper)
    const answer = JSON.parse((await local('seed-calls', '50', '--json')).out)
    assert.equal(answer.account_id, accountId)
    const other = await newCustomer(books.pool)
    const named = await local('seed-calls', '50', '--account', String(other.accountId), '--json')
    assert.equal(JSON.parse(named.out).account_id, other.accountId)
    const again = await local('seed-calls', '50', '--json')
    const { account_id: third } = JSON.parse(again.out)
    assert.notEqual(third, accountId, 'entries stand in the order of time')
    const site = { APP_URL: 'http://localhost:3000', SESSION_SECRET: 'a secret of tests' }
    const env = { DATABASE_URL: books.url, RELAY_MODE: 'local', ...site }
    const shown = await capturedCli(env)('sign-in', '--account', String(third))
    assert.match(shown.out, /^http:\/\/localhost:3000\/login\?token=\S+\nSigns Made-up calls in/)
    for (const name of ['GITHUB_CLIENT_ID', 'GOOGLE_CLIENT_ID']) {
      const refused = await capturedCli({ ...env, [name]: 'id' })('sign-in')
      assert.deepEqual(
        [refused.exitCode, refused.out],
        [1, ''],
        'no address that nobody gets in by',
      )
      assert.match(refused.err, /where neither GitHub nor Google is set up/)
    }
    await expectCleanBooks(books.pool)
  })
})
