import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import mysql from 'mysql2/promise'
import OpenAI, { type ClientOptions } from 'openai'
import { parseCallId } from '../app/values/call-id.ts'
import published from '../app/catalog/openai-prices.json' with { type: 'json' }
import { createKey, type NewKey } from '../app/keys/keys.server.ts'
import { credit, verify } from '../app/ledger/ledger.server.ts'
import {
  startDemoUpstream,
  type DemoUpstream,
  type Pace,
  type Served,
} from '../dev/fakes/upstream/demo-upstream.server.ts'
import { ask, type Ask, type RawAnswer } from './raw-client.ts'
import { testDatabase, testRedisUrl } from './database.ts'
import { startTestRelay, type TestRelay } from './relay.ts'

/** Who calls: an account, and a key of it with its secret. */
export type Caller = { accountId: number; keyId: number; secret: string }

/** A call as the books have it. */
export type CallRow = Record<'requestId' | 'model' | 'outcome' | 'source', string> &
  Record<'error' | 'flag' | 'tier' | 'upstreamId' | 'client', string | null> &
  Record<'status' | 'streamed' | 'input' | 'cached' | 'cacheWrite' | 'output', number> &
  Record<'reasoning' | 'hold' | 'cost' | 'overrun' | 'retry' | 'tokensMax', number>

export type StageOptions = {
  pace?: Pace | 'fast'
  /** Where calls go instead of the demo upstream. */
  upstreamUrl?: string
  balanceNanos?: number
}

/** A whole relay with everything around it, and one customer with 1,000 dollars. */
export type Stage = {
  relay: TestRelay
  upstream: DemoUpstream
  caller: Caller
  newCaller(given?: { balanceNanos?: number } & Partial<NewKey>): Promise<Caller>
  newKey(accountId: number, key?: Partial<NewKey>): Promise<Caller>
  openai(options?: ClientOptions & { caller?: Caller }): OpenAI
  /** Asks the relay for a chat completion without a client library; see `ask`. */
  ask(given: Ask & { caller?: Caller }): Promise<RawAnswer>
  /** Writes these bytes to the relay, leaves or stays, and answers all that comes until the end. */
  sendBytes(bytes: string | Buffer, then?: 'leave' | 'stay'): Promise<string>
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  lastCall(caller?: Caller): Promise<CallRow>
  callsOf(caller: Caller): Promise<CallRow[]>
  /** The call's row, as soon as it is written. */
  waitForCall(requestId: unknown): Promise<CallRow>
  /** What the upstream knows of this call. */
  servedFor(call: CallRow): Served
  /** How many requests the relay has answered. */
  answered(): number
  expectNothingHeld(): Promise<void>
  expectCleanBooks(): Promise<void>
  stop(): Promise<void>
}

const pollMs = 5
const pollMsMax = 20_000

/** Looks again and again until there is something to see; fails the test after 20 seconds. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let waitedMs = 0; waitedMs < pollMsMax; waitedMs += pollMs) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  return assert.fail(`not within ${pollMsMax / 1_000} s: ${what}`)
}

type Counted = Pick<
  Served,
  'promptTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'completionTokens'
>

/**
 * What the published prices make of these counts, in nano-dollars: the sum of tokens times price, a
 * part of a nano-dollar charged whole. Shares no code with the program.
 */
export function listPrice(model: string, counted: Counted, times = 1): number {
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
  const million = 1_000_000n
  return Number((perMillion * BigInt(times) + million - 1n) / million)
}

async function openSql(url: string) {
  const connection = await mysql.createConnection({ uri: url, timezone: 'Z' })
  await connection.query(`set session time_zone = '+00:00'`)
  return {
    async sql<Row>(text: string, values: unknown[] = []) {
      const [rows] = await connection.query(text, values)
      return rows as Row[]
    },
    end: () => connection.end(),
  }
}

const callColumns = `
  insert(insert(insert(insert(lower(hex(id)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')
    as requestId, model, outcome, usage_source as source, error_code as error, usage_flag as flag,
  service_tier as tier, upstream_request_id as upstreamId, client, status_code as status, streamed,
  input_tokens as input, cached_tokens as cached, cache_write_tokens as cacheWrite,
  output_tokens as output, reasoning_tokens as reasoning, hold_nanos as hold, cost_nanos as cost,
  overrun_nanos as overrun, client_retry as retry, output_tokens_max as tokensMax`

async function makeCaller(
  relay: TestRelay,
  accountId: number,
  key: Partial<NewKey> = {},
): Promise<Caller> {
  const made = await createKey(relay.services.db, accountId, { name: 'a key', ...key })
  return { accountId, keyId: made!.id, secret: made!.secret }
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
function booksOf(relay: TestRelay, { sql }: Awaited<ReturnType<typeof openSql>>) {
  const rows = (where: string, values: unknown[]) =>
    sql<CallRow>(`select ${callColumns} from calls where ${where} order by id`, values)
  return {
    callsOf: ({ accountId }: Caller) => rows('account_id = ?', [accountId]),
    waitForCall: (requestId: unknown) =>
      eventually(`a row for ${String(requestId)}`, async () => {
        const id = parseCallId(String(requestId))
        assert.ok(id, `${String(requestId)} is the id of a call`)
        return (await rows('id = ?', [id]))[0]
      }),
    async expectNothingHeld() {
      await eventually('no hold is open', async () => !(await sql('select 1 from holds'))[0])
      const [held] = await sql<{ held: number }>(
        `select cast(sum(plan_held_nanos + balance_held_nanos) as signed) as held from accounts`,
      )
      assert.equal(held?.held, 0)
      assert.deepEqual(relay.services.inFlight.keyIds(), [])
    },
    async expectCleanBooks() {
      assert.deepEqual((await verify(relay.services.db)).differences, [])
    },
  }
}

/** Starts database, demo upstream and relay, all of this test file's own. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { pace = 'fast', balanceNanos = 1_000e9 } = options
  const database = await testDatabase()
  const upstream = await startDemoUpstream({ pace })
  const relay = await startTestRelay({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    upstream: { url: options.upstreamUrl ?? upstream.url, apiKey: upstream.apiKey },
  })
  const plain = await openSql(database.url)
  const { sql } = plain
  const newKey = (accountId: number, key?: Partial<NewKey>) => makeCaller(relay, accountId, key)
  async function newCaller({ balanceNanos: nanos = balanceNanos, ...key } = {}) {
    const inserted: unknown = await sql('insert into accounts (name) values (?)', ['a customer'])
    const accountId = (inserted as mysql.ResultSetHeader).insertId
    const given = { kind: 'grant', actor: 'test', note: null, planNanos: 0 } as const
    if (nanos > 0)
      await credit(relay.services.db, {
        ...given,
        accountId,
        balanceNanos: nanos,
        ref: randomUUID(),
      })
    return newKey(accountId, key)
  }
  const caller = await newCaller()
  const books = booksOf(relay, plain)
  return {
    relay,
    upstream,
    caller,
    newCaller,
    newKey,
    sql,
    ...books,
    openai: ({ caller: by = caller, ...rest } = {}) =>
      new OpenAI({ baseURL: relay.url, apiKey: by.secret, maxRetries: 0, ...rest }),
    ask: ({ caller: by = caller, ...given }) =>
      ask({ ...upstream, url: relay.url, apiKey: by.secret }, given),
    sendBytes: sendBytes(relay),
    lastCall: (by = caller) => eventually('a call', async () => (await books.callsOf(by)).at(-1)),
    servedFor(call) {
      const served = upstream.servedBy(call.upstreamId ?? '')
      assert.ok(served, 'the upstream knows the call')
      return served
    },
    answered: () => relay.logged.filter((line) => line.includes('"event":"answered"')).length,
    async stop() {
      await relay.stop()
      await upstream.close()
      await plain.end()
      await database.drop()
    },
  }
}
