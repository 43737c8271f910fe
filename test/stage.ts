import assert from 'node:assert/strict'
import { connect } from 'node:net'
import OpenAI, { type ClientOptions } from 'openai'
import { parseCallId } from '../app/values/call-id.ts'
import published from '../app/catalog/openai-prices.json' with { type: 'json' }
import type { NewKey } from '../app/keys/keys.server.ts'
import {
  startDemoUpstream,
  type DemoUpstream,
  type Pace,
  type Served,
} from '../dev/fakes/upstream/demo-upstream.server.ts'
import { eventually } from '../dev/command/eventually.ts'
import { callsOf, readCalls, type CallRow } from './calls.ts'
import { expectCleanBooks, whenNothingIsHeld } from './clean-books.ts'
import { newCustomer, newKey, type Customer, type Purse } from './customer.ts'
import { openSql, type Sql } from './sql.ts'
import { ask, type Ask, type RawAnswer } from './raw-client.ts'
import { migratedDatabase, testRedisUrl } from './database.ts'
import { startTestRelay, type TestRelay } from './relay.ts'

type StageOptions = {
  pace?: Pace | 'fast'
  /** Where calls go instead of the demo upstream. */
  upstreamUrl?: string
  balanceNanos?: number
  /** After which silence a stream is pinged; the product's own limit unless given. */
  pingEveryMs?: number
  /** Settings of the relay beyond those of every test. */
  env?: Record<string, string>
}

/** A whole relay with everything around it, and one customer with 1,000 dollars. */
export type Stage = {
  relay: TestRelay
  upstream: DemoUpstream
  customer: Customer
  /** Another customer, with as much money unless told otherwise. */
  newCustomer(purse?: Purse): Promise<Customer>
  newKey(accountId: number, key?: Partial<NewKey>): Promise<Customer>
  openai(options?: ClientOptions & { customer?: Customer }): OpenAI
  /** Asks the relay for a chat completion without a client library; see `ask`. */
  ask(given: Ask & { customer?: Customer }): Promise<RawAnswer>
  /** Writes these bytes to the relay, leaves or stays, and answers all that comes until the end. */
  sendBytes(bytes: string | Buffer, then?: 'leave' | 'stay'): Promise<string>
  sql: Sql
  lastCall(customer?: Customer): Promise<CallRow>
  callsOf(customer: Customer): Promise<CallRow[]>
  /** The call's row, as soon as it is written. */
  waitForCall(requestId: unknown): Promise<CallRow>
  /** What the upstream knows of this call. */
  servedFor(call: CallRow): Served
  /** How many requests the relay has answered. */
  answered(): number
  expectNothingHeld(): Promise<void>
  expectCleanBooks(): Promise<unknown>
  stop(): Promise<void>
}

type Counted = Pick<
  Served,
  'promptTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'completionTokens'
>

/**
 * What the published prices make of these counts, in nano-dollars: the sum of tokens times price, a
 * part of a nano-dollar charged whole. Shares no code with the program.
 */
export function listPrice(model: string, counted: Counted, basisPoints = 10_000): number {
  const { promptTokens, cachedTokens, cacheWriteTokens, completionTokens } = counted
  const listed = published.models.find((it) => it.model === model)
  assert.ok(listed, `${model} has a published price`)
  const { input, cached_input, cache_write, output } =
    listed.tiers?.find((tier) => promptTokens <= (tier.up_to_input_tokens ?? Infinity)) ?? listed
  const perMillion =
    BigInt(promptTokens - cachedTokens - cacheWriteTokens) * BigInt(input) +
    BigInt(cachedTokens) * BigInt(cached_input ?? input) +
    BigInt(cacheWriteTokens) * BigInt(cache_write ?? input) +
    BigInt(completionTokens) * BigInt(output)
  const unit = 1_000_000n * 10_000n
  return Number((perMillion * BigInt(basisPoints) + unit - 1n) / unit)
}

const sendBytes = (relay: TestRelay) => (bytes: string | Buffer, then?: 'leave' | 'stay') =>
  new Promise<string>((resolve) => {
    const pieces: Buffer[] = []
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
    socket.on('data', (piece) => pieces.push(piece))
    // A relay that refuses early may reset what it does not read; what it said has come by then.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Buffer.concat(pieces).toString()))
    socket.write(bytes, () => then === 'leave' && socket.destroy())
  })

/** The books of one relay, as its tests look at them. */
function booksOf(relay: TestRelay, sql: Sql) {
  return {
    callsOf: (customer: Customer) => callsOf(sql, customer),
    waitForCall: (requestId: unknown) =>
      eventually(`a row for ${String(requestId)}`, async () => {
        const id = parseCallId(String(requestId))
        assert.ok(id, `${String(requestId)} is the id of a call`)
        return (await readCalls(sql, 'id = ?', [id]))[0]
      }),
    async expectNothingHeld() {
      await whenNothingIsHeld(sql)
      const [held] = await sql<{ held: number }>(
        `select cast(sum(plan_held_nanos + balance_held_nanos) as signed) as held from accounts`,
      )
      assert.equal(held?.held, 0)
      assert.deepEqual(relay.services.inFlight.keyIds(), [])
    },
    expectCleanBooks: () => expectCleanBooks(relay.services.db),
  }
}

/** Starts database, demo upstream and relay, all of this test file's own. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { pace = 'fast', balanceNanos = 1_000e9 } = options
  const database = await migratedDatabase()
  const upstream = await startDemoUpstream({ pace })
  const relay = await startTestRelay({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    upstream: { url: options.upstreamUrl ?? upstream.url, apiKey: upstream.apiKey },
    pingEveryMs: options.pingEveryMs,
    env: options.env ?? {},
  })
  const { sql, end } = openSql(database.url)
  const { db } = relay.services
  const customer = await newCustomer(db, { balanceNanos })
  const books = booksOf(relay, sql)
  return {
    relay,
    upstream,
    customer,
    newCustomer: (purse) => newCustomer(db, { balanceNanos, ...purse }),
    newKey: (accountId, key) => newKey(db, accountId, key),
    sql,
    ...books,
    openai: ({ customer: by = customer, ...rest } = {}) =>
      new OpenAI({ baseURL: relay.url, apiKey: by.secret, maxRetries: 0, ...rest }),
    ask: ({ customer: by = customer, ...given }) =>
      ask({ ...upstream, url: relay.url, apiKey: by.secret }, given),
    sendBytes: sendBytes(relay),
    lastCall: (by = customer) => eventually('a call', async () => (await books.callsOf(by)).at(-1)),
    servedFor(call) {
      const served = upstream.servedBy(call.upstreamId ?? '')
      assert.ok(served, 'the upstream knows the call')
      return served
    },
    answered: () => relay.logged.filter((line) => line.includes('"event":"answered"')).length,
    async stop() {
      await relay.stop()
      await upstream.close()
      await end()
      await database.drop()
    },
  }
}
