import type { Params } from '../db/db.server.ts'
import type { Split } from './decide.ts'
import type { Outcome } from '../values/outcomes.ts'
import type { Bill, CallFacts, Usage } from './ops.ts'
import { plainFactor } from '../values/factors.ts'
import type { OtherUnits } from '../values/units.ts'

export type Changeable<T> = { -readonly [K in keyof T]: T[K] }
export type NewCall = Params<'ledger/insert-calls'>['calls'][number]

/** What changes nothing is not written down: so it is with the calls of before there were factors. */
const factorColumn = (points: number) => (points === plainFactor ? null : points)

/** Most calls use nothing but tokens. */
const unitsColumn = (more: OtherUnits | undefined): string | null =>
  more && Object.values(more).some((amount) => amount > 0) ? JSON.stringify(more) : null

/** One literal: an object put together from parts costs many times its size (measured). */
export const callRow = (
  facts: CallFacts,
  outcome: Outcome,
  bill: Omit<Bill, 'outcome'>,
  split: Split,
): Changeable<NewCall> => ({
  id: facts.callId,
  accountId: facts.accountId,
  keyId: facts.keyId,
  model: facts.model,
  priceId: bill.priceId,
  streamed: Number(facts.streamed),
  startedAt: facts.startedAt,
  client: facts.client,
  clientRetry: facts.clientRetry,
  outcome,
  holdNanos: 0,
  outputTokensMax: 0,
  neededNanos: null,
  leftNanos: null,
  inputTokens: bill.usage.inputTokens,
  cachedTokens: bill.usage.cachedTokens,
  cacheWriteTokens: bill.usage.cacheWriteTokens,
  outputTokens: bill.usage.outputTokens,
  reasoningTokens: bill.usage.reasoningTokens,
  usageSource: bill.usage.source,
  usageFlag: bill.usage.flag,
  statusCode: bill.statusCode,
  errorCode: bill.errorCode,
  serviceTier: bill.serviceTier,
  upstream: bill.upstream,
  upstreamKey: bill.upstreamKey,
  upstreamRequestId: bill.upstreamRequestId,
  upstreamStatus: bill.upstreamStatus,
  upstreamCode: bill.upstreamCode,
  waivedNanos: bill.waivedNanos,
  otherModel: bill.otherModel,
  firstByteMs: bill.firstByteMs,
  totalMs: bill.totalMs,
  attempts: bill.attempts,
  tries: bill.tries,
  priceFactor: factorColumn(bill.priceFactor),
  accountFactor: factorColumn(bill.accountFactor),
  otherUnits: unitsColumn(bill.usage.more),
  upstreamNanos: bill.upstreamNanos,
  endedAt: bill.endedAt,
  costNanos: split.planNanos + split.balanceNanos,
  planNanos: split.planNanos,
  balanceNanos: split.balanceNanos,
  overrunNanos: split.overrunNanos,
})

export const costColumns = ({ planNanos, balanceNanos, overrunNanos }: Split) => ({
  costNanos: planNanos + balanceNanos,
  planNanos,
  balanceNanos,
  overrunNanos,
})
export const usageColumns = ({ source: usageSource, flag: usageFlag, more, ...tokens }: Usage) => ({
  ...tokens,
  otherUnits: unitsColumn(more),
  usageSource,
  usageFlag,
})
export const billColumns = ({ outcome: _o, usage: _u, costNanos: _c, ...columns }: Bill) => ({
  ...columns,
  priceFactor: factorColumn(columns.priceFactor),
  accountFactor: factorColumn(columns.accountFactor),
})
