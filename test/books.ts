import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import mysql from 'mysql2/promise'

import { newCallId } from '../app/values/call-id.ts'
import { createPool, migrate, type Pool } from '../app/db/db.server.ts'
import { createKey, type NewKey } from '../app/keys/keys.server.ts'
import {
  createLedger,
  credit,
  noUsage,
  verify,
  type Ask,
  type Bill,
  type CallFacts,
  type Grant,
  type Ledger,
  type LedgerOptions,
  type OwnLedger,
  type Reservation,
  type Usage,
} from '../app/ledger/ledger.server.ts'
import { testDatabase } from './database.ts'

export type TestBooks = {
  /** mysql://…, for further ledgers and processes on the same books. */
  url: string
  pool: Pool
  /** A ledger that `close` closes. */
  ledger(options?: LedgerChanges): OwnLedger
  /** Runs plain SQL, to look behind the program's back. */
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}
export type LedgerChanges = Partial<Omit<LedgerOptions, 'limits'>> & {
  limits?: Partial<LedgerOptions['limits']>
}
/** Whose money a test moves. */
export type Customer = { accountId: number; keyId: number }

export const newRelayId = () => newCallId(Date.now())

/** The limits tests use unless they say otherwise: patient, so that no slow machine is refused. */
export const ledgerOptions = ({ limits, ...rest }: LedgerChanges = {}): LedgerOptions => ({
  relayId: newRelayId(),
  limits: {
    lanes: 2,
    batchOpsMax: 64,
    queueOpsMax: 10_000,
    reserveWaitMsMax: 60_000,
    givenUpCallsMax: 100,
    ...limits,
  },
  ...rest,
})

/** Migrated books in a database of their own, once for a test file. */
export async function testBooks(): Promise<TestBooks> {
  const database = await testDatabase()
  await migrate(database.url)
  const pool = createPool(database.url)
  const plain = await mysql.createConnection({ uri: database.url, timezone: 'Z' })
  await plain.query(`set session time_zone = '+00:00'`)
  const ledgers: Ledger[] = []
  return {
    url: database.url,
    pool,
    ledger(options) {
      const ledger = createLedger(database.url, ledgerOptions(options))
      ledgers.push(ledger)
      return ledger
    },
    async sql<Row>(text: string, values: unknown[] = []) {
      const [rows] = await plain.query(text, values)
      return rows as Row[]
    },
    async close() {
      await Promise.all(ledgers.map((ledger) => ledger.close()))
      await pool.close()
      await plain.end()
      await database.drop()
    },
  }
}

/** A new customer with money and one key. */
export async function fund(
  { pool, sql }: TestBooks,
  { planNanos = 0, balanceNanos = 0, ...key }: Partial<NewKey & Record<Pools, number>> = {},
): Promise<Customer> {
  const inserted: unknown = await sql('insert into accounts (name) values (?)', ['a customer'])
  const accountId = (inserted as mysql.ResultSetHeader).insertId
  if (planNanos || balanceNanos) {
    const ref = randomUUID()
    const given = { accountId, kind: 'grant', ref, actor: 'test', note: null } as const
    await credit(pool, { ...given, planNanos, balanceNanos })
  }
  return { accountId, keyId: (await createKey(pool, accountId, { name: 'key', ...key }))!.id }
}
type Pools = 'planNanos' | 'balanceNanos'

export const callOf = (
  { accountId, keyId }: Customer,
  more: Partial<CallFacts> = {},
): CallFacts => ({
  callId: newCallId(Date.now()),
  accountId,
  keyId,
  model: 'gpt-test',
  priceId: 1,
  streamed: false,
  startedAt: new Date(),
  client: null,
  clientRetry: 0,
  ...more,
})

/** Asks for exactly this much. */
export const askOf = (nanos: number): Ask => ({
  inputScaled: BigInt(nanos) * 1_000_000n,
  outputScaledPerToken: 0n,
  outputTokensWanted: 0,
  outputTokensMax: 1_000,
})

export const usageOf = (inputTokens: number, outputTokens: number): Usage => ({
  ...noUsage,
  inputTokens,
  outputTokens,
  source: 'upstream',
})

/** The bill of a completed call. */
export const billOf = (costNanos: number, more: Partial<Bill> = {}): Bill => ({
  outcome: 'completed',
  statusCode: 200,
  errorCode: null,
  usage: usageOf(10, 20),
  costNanos,
  serviceTier: null,
  upstream: 'demo',
  upstreamRequestId: null,
  firstByteMs: 1,
  totalMs: 2,
  attempts: 1,
  endedAt: new Date(),
  ...more,
})

export const reserve = (ledger: Ledger, facts: CallFacts, nanos: number): Promise<Reservation> =>
  ledger.reserve({ facts, ask: askOf(nanos), lastTry: true })

/** Reserves, and fails the test unless it was granted. */
export async function hold(ledger: Ledger, facts: CallFacts, nanos: number): Promise<Grant> {
  const answer = await reserve(ledger, facts, nanos)
  assert.ok(answer.granted, 'the reservation was refused')
  return answer
}

export const settle = (ledger: Ledger, facts: CallFacts, costNanos: number) =>
  ledger.settle({ facts, bill: billOf(costNanos) })

export type Money = Record<'plan' | 'planHeld' | 'balance' | 'balanceHeld', number>

/** What the account's row says. */
export async function moneyOf({ sql }: TestBooks, { accountId }: Customer): Promise<Money> {
  const [row] = await sql<Money>(
    `select plan_nanos as plan, plan_held_nanos as planHeld, balance_nanos as balance,
            balance_held_nanos as balanceHeld from accounts where id = ?`,
    [accountId],
  )
  return { ...row! }
}

/** Runs `verify`: every balance, hold and total must follow from the rows it is made of. */
export async function expectCleanBooks(pool: Pool): Promise<void> {
  const { differences } = await verify(pool)
  assert.deepEqual(differences, [])
}
