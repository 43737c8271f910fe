import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Offer } from '../catalog/catalog.server.ts'
import type { Exchange } from '../http/http.server.ts'
import { noUsage, type Bill, type Usage } from '../ledger/ledger.server.ts'
import type { Services } from '../services.ts'
import { callOf } from '../../test/books.ts'
import { EarlyEnd } from './early-end.ts'
import type { Call } from './endpoint.ts'
import { Run, type Attempted, type Charged, type End, type Ended, type Tried } from './run.ts'

const tiersOf = (input: number) => [
  { upToInputTokens: null, prices: { input: input * 1e6, output: 0 } },
]
const termsOf = (input: number) => ({ tiers: tiersOf(input), basisPoints: {}, serviceTiers: [] })
const row = { id: 1, effectiveFrom: new Date(0) }
const always = (input: number) => ({
  ...row,
  terms: { ...termsOf(input), times: [{ when: null, tiers: tiersOf(input) }] },
})
/** Costs one thing from half past four in the morning to five, and another for the rest of the day. */
const byHour = {
  ...row,
  terms: {
    ...termsOf(0),
    times: [
      { when: [{ from: '04:30', to: '05:00' }], tiers: tiersOf(1) },
      { when: null, tiers: tiersOf(50) },
    ],
  },
}
const offerOf = (input: number, cost: Offer['cost']): Offer => ({
  upstream: 'one',
  theirName: 'gpt-test',
  price: always(input),
  terms: termsOf(input),
  priceFactor: 10_000,
  cost,
})

/** An attempt of which nothing is known but where it went. */
function attemptOf(offer: Offer): Attempted {
  const tried = { upstream: offer.upstream, key: 'main', status: 200, code: null, id: null, ms: 1 }
  const unsure: Charged = 'maybe'
  return {
    offer,
    way: { drop: [] },
    names: { upstream: offer.upstream, key: 'main' },
    answer: undefined,
    status: 200,
    requestId: null,
    upstreamCode: null,
    firstByteMs: null,
    isLimited: false,
    told: (isBilled: boolean): Tried => ({ ...tried, charged: isBilled || unsure }),
    tells: () => false,
    used: () => undefined,
    close: () => undefined,
  } as unknown as Attempted
}

/** A run that is settled with a bill, which is all that becomes of it. */
function opened(offer: Offer, startedAt: Date) {
  let booked: Bill | undefined
  const services = {
    ledger: {
      settle({ bill }: { bill: Bill }) {
        booked = bill
        return Promise.resolve({ state: 'settled', chargedNanos: 0, overrunNanos: 0 })
      },
    },
    log: { warn: () => undefined },
    rates: { shares: { learn: () => undefined } },
  } as unknown as Services
  const exchange = { requestId: 'id', startedMs: performance.now() } as unknown as Exchange
  const call = { reachable: [offer], model: { name: 'gpt-test' }, serviceTier: null }
  const run = new Run({
    services,
    exchange,
    call: call as unknown as Call,
    facts: callOf({ accountId: 1, keyId: 2 }, { startedAt }),
    grant: { accountFactor: 10_000 },
    earlyEnd: new EarlyEnd(),
    onSettled: () => undefined,
  } as unknown as ConstructorParameters<typeof Run>[0])
  return {
    run,
    async billOf(ended: Partial<Ended> & { end: End }): Promise<Bill> {
      await run.settle({ usage: noUsage, serviceTier: null, model: null, ...ended })
      assert.ok(booked)
      return booked
    },
  }
}

const tokens = (inputTokens: number): Usage => ({ ...noUsage, inputTokens, source: 'upstream' })
const completed: End = { outcome: 'completed', statusCode: 200, errorCode: null }
const failed: End = { outcome: 'failed', statusCode: 502, errorCode: 'upstream_error' }
const now = new Date()

describe('the bill of a call', () => {
  test('has what attempts that failed have wasted, at their own prices, beside its own', async () => {
    const { run, billOf } = opened(offerOf(2, null), now)
    for (const price of [3, 5])
      run.waive(attemptOf(offerOf(price, null)), Promise.resolve({ waived: tokens(10) }))
    run.tries.push(attemptOf(offerOf(2, null)))
    const bill = await billOf({ end: completed, usage: tokens(4), waived: tokens(7) })
    assert.deepEqual([bill.costNanos, bill.waivedNanos], [8, 10 * 3 + 10 * 5 + (7 - 4) * 2])
  })

  test('has what the upstream is paid for all that it has used, also where nobody is charged', async () => {
    for (const [usage, waived, paid] of [
      [noUsage, tokens(7), 7 * 6],
      [tokens(4), tokens(7), 7 * 6],
      [tokens(4), undefined, 4 * 6],
    ] as const) {
      const { run, billOf } = opened(offerOf(9, always(6)), now)
      run.tries.push(attemptOf(offerOf(9, always(6))))
      const bill = await billOf({ end: failed, usage, ...(waived && { waived }) })
      assert.deepEqual([bill.costNanos, bill.upstreamNanos], [usage.inputTokens * 9, paid])
    }
  })

  test('is paid to the upstream by the hour in which the call began, and not that of its end', async () => {
    // The process's clock is in one of them at most.
    for (const [startedAt, price] of [
      ['2026-11-26T04:45:00.000Z', 1],
      ['2026-11-26T16:45:00.000Z', 50],
    ] as const) {
      const offer = offerOf(9, byHour)
      const { run, billOf } = opened(offer, new Date(startedAt))
      run.tries.push(attemptOf(offer))
      const bill = await billOf({ end: completed, usage: tokens(10) })
      assert.equal(bill.upstreamNanos, 10 * price)
    }
  })

  test('says that the last attempt was billed where it cost something or came to its end', async () => {
    for (const [end, usage, charged] of [
      [completed, tokens(4), true],
      [completed, noUsage, true],
      [failed, tokens(4), true],
      [failed, noUsage, 'maybe'],
    ] as const) {
      const offer = offerOf(2, null)
      const { run, billOf } = opened(offer, now)
      run.tries.push(attemptOf(offer), attemptOf(offer))
      const { tries } = await billOf({ end, usage })
      const told = JSON.parse(tries ?? '[]') as Tried[]
      assert.deepEqual(
        told.map((tried) => tried.charged),
        ['maybe', charged],
      )
    }
  })
})
