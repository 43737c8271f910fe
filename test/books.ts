import assert from 'node:assert/strict'

import { newCallId } from '../app/values/call-id.ts'
import { createPool, migrate, type Pool } from '../app/db/db.server.ts'
import {
  createLedger,
  noUsage,
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
import type { Customer } from './customer.ts'
import { migratedDatabase } from './database.ts'
import { openSql, type Sql } from './sql.ts'

/** Migrated books, and two ways to them: the program's, and behind its back. */
export type Books = { url: string; pool: Pool; sql: Sql; close(): Promise<void> }
/** Books in a database of their own, and ledgers on them. */
export type TestBooks = Books & {
  /** A ledger that `close` closes. */
  ledger(options?: LedgerChanges): OwnLedger
}
export type LedgerChanges = Partial<Omit<LedgerOptions, 'limits'>> & {
  limits?: Partial<LedgerOptions['limits']>
}
export const newRelayId = () => newCallId(Date.now())

/** The limits tests use unless they say otherwise: patient, so that no slow machine is refused. */
export const ledgerOptions = ({ limits, ...rest }: LedgerChanges = {}): LedgerOptions => ({
  relayId: newRelayId(),
  limits: {
    lanes: 2,
    batchOpsMax: 64,
    queueOpsMax: 10_000,
    reserveWaitMsMax: 60_000,
    // Tests make up a past.
    begunSecondsMax: 100 * 366 * 86_400,
    breakSeconds: 20,
    givenUpCallsMax: 100,
    ...limits,
  },
  ...rest,
})

/** Migrates a database, and opens its books. */
export async function openBooks(url: string): Promise<Books> {
  await migrate(url)
  const pool = createPool(url)
  const { sql, end } = openSql(url)
  return {
    url,
    pool,
    sql,
    async close() {
      await pool.close()
      await end()
    },
  }
}

/** Books in a database of their own, once for a test file. */
export async function testBooks(): Promise<TestBooks> {
  const database = await migratedDatabase()
  const books = await openBooks(database.url)
  await priceTestCalls(books)
  const ledgers: OwnLedger[] = []
  return {
    ...books,
    ledger(options) {
      const ledger = createLedger(database.url, ledgerOptions(options))
      ledgers.push(ledger)
      return ledger
    },
    async close() {
      await Promise.all(ledgers.map((ledger) => ledger.close()))
      await books.close()
      await database.drop()
    },
  }
}

const testModel = 'gpt-test'
const testPriceId = 1
/** A token of input costs a nano-dollar, and nothing else costs anything. */
const testTerms = JSON.stringify({
  tiers: [
    { upToInputTokens: null, input: 1_000_000, cachedInput: null, cacheWrite: null, output: 0 },
  ],
  multipliers: { priority: 2 },
  serviceTiers: ['priority'],
})

/** Puts the price row there that the calls of `callOf` name. */
export const priceTestCalls = ({ sql }: Books) =>
  sql(`insert into prices (id, model, effective_from, terms, actor) values (?)`, [
    [testPriceId, testModel, '2000-01-01', testTerms, 'test'],
  ])

/** Who pays for a call, without a secret: tests of the ledger make no requests. */
type Payer = Pick<Customer, 'accountId' | 'keyId'>

export const callOf = ({ accountId, keyId }: Payer, more: Partial<CallFacts> = {}): CallFacts => ({
  callId: newCallId(Date.now()),
  accountId,
  keyId,
  model: testModel,
  priceId: testPriceId,
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

/** The bill of a completed call, whose input is what it costs. */
export const billOf = (costNanos: number, more: Partial<Bill> = {}): Bill => ({
  outcome: 'completed',
  statusCode: 200,
  errorCode: null,
  usage: usageOf(costNanos, 20),
  priceId: testPriceId,
  priceFactor: 10_000,
  accountFactor: 10_000,
  costNanos,
  upstreamNanos: null,
  serviceTier: null,
  upstream: 'demo',
  upstreamKey: null,
  upstreamRequestId: null,
  upstreamStatus: 200,
  upstreamCode: null,
  waivedNanos: 0,
  otherModel: null,
  firstByteMs: 1,
  totalMs: 2,
  attempts: 1,
  tries: null,
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

type Money = Record<'plan' | 'planHeld' | 'balance' | 'balanceHeld', number>

/** What the account's row says. */
export async function moneyOf(
  { sql }: Books,
  { accountId }: Pick<Customer, 'accountId'>,
): Promise<Money> {
  const [row] = await sql<Money>(
    `select plan_nanos as plan, plan_held_nanos as planHeld, balance_nanos as balance,
            balance_held_nanos as balanceHeld from accounts where id = ?`,
    [accountId],
  )
  assert.ok(row, `account ${accountId} is there`)
  return { ...row }
}
