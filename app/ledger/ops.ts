import { asBuffer } from '../values/as-buffer.ts'
import { clockNow } from '../values/clock.ts'
import type { CallErrorCode, ErrorCode } from '../values/error-codes.ts'
import { plainFactor } from '../values/factors.ts'
import type { Outcome } from '../values/outcomes.ts'
import type { Period } from '../values/keys/periods.ts'
import type { OtherUnits } from '../values/units.ts'
import type { UsageFlag, UsageSource } from '../values/usage-sources.ts'

/** Money is whole nano-dollars (1e-9 USD) throughout; `Scaled` is nano-dollars × 1e6, unrounded. */

/** What is known of a call before it is let in. */
export type CallFacts = {
  /** UUIDv7. */
  callId: Buffer
  accountId: number
  keyId: number
  model: string
  /** Of the first upstream that it may go to; the bill names the one by which it is charged. */
  priceId: number
  streamed: boolean
  startedAt: Date
  client: string | null
  clientRetry: number
  /** Its key has a budget, as the reservation found: whoever is to be told of it may be, at its end. */
  isBudgeted?: boolean
}

/** The most a call can cost, as a line: input, plus a price for each token of output. */
export type Ask = {
  inputScaled: bigint
  /**
   * What the input comes to at the least, where `inputScaled` is a bound that counting may lower;
   * absent where it has been counted.
   */
  inputLeastScaled?: bigint
  outputScaledPerToken: bigint
  /** The client's own limit on output, or null when it named none. */
  outputTokensWanted: number | null
  /** The model's maximum. */
  outputTokensMax: number
  /** What limits on tokens reckon by, and money does not: the most of input, and how many answers. */
  inputTokens?: number
  choices?: number
}

/** What a call came with, besides its key. */
export type Asker = {
  /** The number of the key's secret, counted from its first. */
  secretNo: number
  /** The client's address, as far as it is known. */
  address: string
}

export type ReserveOp = {
  kind: 'reserve'
  facts: CallFacts
  ask: Ask
  /**
   * A refusal of the last try is written to the call log, and so is one that no count can change;
   * else the caller may ask again.
   */
  lastTry: boolean
  /** With which of the key's secrets, and from where; absent where no client asks. */
  asker?: Asker
  /** The factor that this was last tried with: where its commit came true, it is the call's own. */
  triedFactor?: number
}

/** All tokens are in the input and the output; what else is said of them are parts of these. */
export type Usage = {
  /** All that was read, be it cached, written, sound or pictures. */
  inputTokens: number
  cachedTokens: number
  cacheWriteTokens: number
  /** All that was said, reasoning, sound and pictures included. */
  outputTokens: number
  reasoningTokens: number
  /** What has no column of its own, in whole numbers; absent where there was nothing of it. */
  more?: OtherUnits
  source: UsageSource
  flag: UsageFlag | null
}
export const noUsage: Usage = {
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  source: 'none',
  flag: null,
}

/** How a call ended, and what it costs. */
export type Bill = {
  outcome: Exclude<Outcome, 'refused' | 'lost' | 'late'>
  statusCode: number
  errorCode: CallErrorCode | null
  usage: Usage
  /** The price of whoever answered, or would have. */
  priceId: number
  /** Basis points of that price at which the model is sold, and of which the account pays. */
  priceFactor: number
  accountFactor: number
  costNanos: number
  /** What the operator pays for it by the upstream's own prices; null where they are not known. */
  upstreamNanos: number | null
  /** What the operator may have to pay beyond it: nobody is charged for what failed. */
  waivedNanos: number
  serviceTier: string | null
  upstream: string | null
  /** The name of the operator's key there. */
  upstreamKey: string | null
  upstreamRequestId: string | null
  /** What the upstream answered, whatever the client was told; null where it gave no answer. */
  upstreamStatus: number | null
  /** The name it gave its error, or the network the lack of an answer; never its words. */
  upstreamCode: string | null
  /** The model that answered, where it was not the one that was asked for. */
  otherModel: string | null
  firstByteMs: number | null
  totalMs: number | null
  attempts: number
  /** Every attempt, as JSON, where there was more than one. */
  tries: string | null
  endedAt: Date
}

/** The bill of a call that did not come to anything. */
export const unservedBill = (priceId: number): Bill => ({
  outcome: 'failed',
  statusCode: 503,
  errorCode: 'overloaded',
  usage: noUsage,
  priceId,
  priceFactor: plainFactor,
  accountFactor: plainFactor,
  costNanos: 0,
  upstreamNanos: null,
  waivedNanos: 0,
  serviceTier: null,
  upstream: null,
  upstreamKey: null,
  upstreamRequestId: null,
  upstreamStatus: null,
  upstreamCode: null,
  otherModel: null,
  firstByteMs: null,
  totalMs: null,
  attempts: 0,
  tries: null,
  endedAt: clockNow(),
})

export type SettleOp = {
  kind: 'settle'
  facts: CallFacts
  bill: Bill
  /** Set where the reservation's own commit is unknown: nothing to settle is then no mistake. */
  mayBeAbsent?: boolean | undefined
}
/** When a relay may take another for dead, in seconds of the database's clock. */
export type Silence = {
  /** The other has given no sign of life for so long. */
  silentSeconds: number
  /** The one that judges has itself been heard for so long without a break; 0 asks nothing of it. */
  steadySeconds: number
  /** A longer silence than this is a break. */
  breakSeconds: number
}
/** Gives up a call: its own process, or the sweep, then only where its relay is silent still. */
export type LoseOp = { kind: 'lose'; facts: CallFacts; ifSilent?: Silence }
export type Op = ReserveOp | SettleOp | LoseOp

type RefusalCode = Extract<
  ErrorCode,
  'invalid_api_key' | 'permission_denied' | 'key_budget_exceeded' | 'insufficient_balance'
>

/** What a key may spend, in all or in a period, and what has become of it. */
export type KeyBudget = {
  budgetNanos: number
  /** In the period, where there is one. */
  spentNanos: number
  heldNanos: number
  /** It begins anew so often; absent where it is for all time. */
  period?: Period
  /** Since when this one is, and when it does; null where that is not known yet. */
  beganMs?: number | null
  endsMs?: number | null
  /** It is the cap of the member whose key it is, and of all their keys together. */
  isMembers?: true
  /** And the key has a budget of its own besides: whoever holds it is not told what others spent. */
  isOthersToo?: boolean
}

/** What is suspended or disabled, or does not name what was asked for. */
export type DeniedBy = 'account' | 'key' | 'address' | 'models' | 'group models'

export type Refusal = {
  granted: false
  code: RefusalCode
  /** What denies a permission; absent where another code says it all. */
  deniedBy?: DeniedBy
  neededNanos: number
  availableNanos: number
  heldNanos: number
  /** What is free of a plan that does not pay for this model. */
  otherPlanNanos: number
  /** The tightest of those that the key has; null where it has none, or there is no key. */
  budget: KeyBudget | null
  /** The largest limit on output that would pass right now; 0 when none would. */
  outputTokensAffordable: number
  /** Basis points of the price that the account pays. */
  accountFactor: number
}
export type Grant = {
  granted: true
  holdNanos: number
  planNanos: number
  balanceNanos: number
  /** What the hold covers; the upstream must be told no more than this. */
  outputTokensMax: number
  /** Basis points of the price that the account pays for this call. */
  accountFactor: number
}
/** Neither let in nor refused: the input is to be counted exactly, and the last try made. */
export type CountFirst = { granted: false; code: 'count_first' }
export type Reservation = Grant | Refusal | CountFirst

export type Settlement = {
  /**
   * `absent`: there was no hold and no call to settle. `repeated`: it had been settled before.
   * `spared`: its relay was heard after all, or who gave it up was not.
   */
  state: 'settled' | 'late' | 'repeated' | 'absent' | 'spared'
  chargedNanos: number
  overrunNanos: number
}

export const mapKey = (callId: Uint8Array) => asBuffer(callId).toString('latin1')

/** The ledger cannot take this on now: its queue is full, or the database does not answer. */
export class LedgerAway extends Error {
  readonly code = 'LEDGER_AWAY'
}
