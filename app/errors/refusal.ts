import { callErrorCodes, type CallErrorCode, type ErrorCode } from '../values/error-codes.ts'
import { formatUsd } from '../values/money.ts'
import { isRepeatable, wireError, type ErrorWords, type WireError } from './errors.ts'

/** A call that is answered with an error. Thrown by a room, translated at the door. */
export class Refused<Code extends ErrorCode = ErrorCode> extends Error {
  readonly wire: WireError
  constructor(
    readonly code: Code,
    details?: Parameters<typeof wireError>[1],
  ) {
    super(code)
    this.wire = wireError(code, details)
  }
}

/** One that the row of a call can say. */
export type CallFailure = Refused<Extract<ErrorCode, CallErrorCode>>

export const isCallFailure = (error: unknown): error is CallFailure =>
  error instanceof Refused && callErrorCodes.some((code) => code === error.code)

const upstreamCodes: ReadonlySet<ErrorCode> = new Set([
  'upstream_error',
  'upstream_unavailable',
  'upstream_timeout',
  'rate_limit_exceeded',
])

/** Whether it is an upstream that has failed, so that another one may do better. */
export const isUpstreams = (error: unknown): error is CallFailure =>
  error instanceof Refused && upstreamCodes.has(error.code) && isRepeatable(error.wire)

/** The upstream's own answer to what was wrong with the client's request, passed on. */
export class PassedOn extends Error {
  constructor(
    readonly status: number,
    readonly error: ErrorWords,
    /** All of it as the upstream has written it, where that is to pass. */
    readonly body?: string,
  ) {
    super(`upstream ${status}`)
  }
}

/**
 * A request that is meant for another path, of the same shape of errors, where programs are known
 * to mistake the two: the key that it came with may have it taken for what it is.
 */
export class Misdirected extends Refused<'bad_request'> {
  constructor(
    readonly path: string,
    message: string,
    param: string,
  ) {
    super('bad_request', { message, param })
  }
}

export const badRequest = (message: string, param: string | null = null) =>
  new Refused('bad_request', { message, param })

type MoneyFigures = {
  neededNanos: number
  availableNanos: number
  heldNanos: number
  /** What is left of a plan that does not pay for the model of this call. */
  otherPlanNanos?: number
  /** The largest limit on output with which it fits, or 0; null where none can be said. */
  limitThatFits: number | null
  /** Of the key, where it has a budget of its own. */
  budget: Budget | null
}
type Budget = {
  budgetNanos: number
  spentNanos: number
  heldNanos: number
  period?: string
  endsMs?: number | null
  isMembers?: true
  isOthersToo?: boolean
}

/** What would help: a smaller limit, or else other money. */
function cureOf(limit: number | null, heldNanos: number, more: string): string {
  if (limit) return `With a limit of ${limit} output tokens it fits.`
  const wait = heldNanos > 0 ? ', or wait for the calls under way' : ''
  if (limit === 0) return `Even the shortest answer does not fit: ${more}${wait}.`
  return wait ? `Shorten the input, ${more}${wait}.` : `Shorten the input, or ${more}.`
}

/** Where more credit can be had, in the last words: agents show their people nothing else of it. */
const whereCredit = (url: string | undefined) => (url === undefined ? '' : ` For credit: ${url}`)
const howCredit = (url: string | undefined) =>
  url === undefined ? 'ask whoever runs this relay for credit' : 'add credit'
const creditAt = (url: string | undefined) => (url === undefined ? {} : { top_up_url: url })

/** After a refund, or a dispute, there may be less than nothing. */
const availableText = (nanos: number) =>
  nanos < 0
    ? `the account is $${formatUsd(-nanos)} below zero`
    : `$${formatUsd(nanos)} is available`

/** What is said of an account's money, with where more of it can be had, if anywhere. */
function ofAccount(figures: MoneyFigures, topUpUrl: string | undefined) {
  const { availableNanos, heldNanos, otherPlanNanos = 0 } = figures
  const available = formatUsd(availableNanos)
  const held = formatUsd(heldNanos)
  return {
    why:
      `${availableText(availableNanos)} ($${held} is held by calls under way)` +
      (otherPlanNanos > 0
        ? ` beside $${formatUsd(otherPlanNanos)} of a plan that does not pay for this model`
        : ''),
    heldNanos,
    anew: '',
    cure: howCredit(topUpUrl),
    where: whereCredit(topUpUrl),
    more: { available_usd: available, held_usd: held, ...creditAt(topUpUrl) },
  }
}

/** What is said of the cap of whoever handed a key on: what their other keys spent is not its own. */
const ofHandedOn = {
  why: 'whoever has made this API key has not as much left of their cap',
  anew: '',
  heldNanos: 0,
  cure: 'have the cap raised',
  where: '',
  more: { budget_of: 'member' },
}

/** What is said of a key's budget: its own figures, because whoever holds it may not see others. */
function ofKey(of: Budget) {
  const { budgetNanos, spentNanos, heldNanos, period, endsMs, isMembers } = of
  const budget = formatUsd(budgetNanos)
  const spent = formatUsd(spentNanos)
  const held = formatUsd(heldNanos)
  // Less than nothing is left where the budget was lowered since.
  const left = formatUsd(Math.max(0, budgetNanos - spentNanos - heldNanos))
  const renewsAt = endsMs ? `${new Date(endsMs).toISOString().slice(0, 19)}Z` : null
  const whose = isMembers
    ? `whoever has this API key has $${left} left of their cap`
    : `this API key has $${left} left of its budget`
  return {
    why:
      `${whose} of $${budget}${period ? ` a ${period}` : ''} ` +
      `($${spent} is spent, $${held} is held by calls under way)`,
    anew: renewsAt ? `It begins anew at ${renewsAt}. ` : '',
    heldNanos,
    cure: isMembers ? 'have the cap raised' : 'raise the budget of the key',
    where: '',
    more: {
      budget_usd: budget,
      spent_usd: spent,
      held_usd: held,
      left_usd: left,
      ...(period && { budget_period: period, budget_renews_at: renewsAt }),
      ...(isMembers && { budget_of: 'member' }),
    },
  }
}

/** A call that does not fit the money there is, with all figures a program needs to ask for less. */
export function refusedForMoney(
  code: 'insufficient_balance' | 'key_budget_exceeded',
  figures: MoneyFigures,
  topUpUrl: string | undefined,
): Refused {
  const { neededNanos, limitThatFits, budget } = figures
  const isKeys = code === 'key_budget_exceeded' && budget !== null
  const { why, anew, heldNanos, cure, where, more } = !isKeys
    ? ofAccount(figures, topUpUrl)
    : budget.isOthersToo
      ? ofHandedOn
      : ofKey(budget)
  const needed = formatUsd(neededNanos)
  const help = cureOf(limitThatFits, heldNanos, cure)
  return new Refused(code, {
    message: `This call can cost up to $${needed}, and ${why}. ${anew}${help}${where}`,
    more: {
      needed_usd: needed,
      ...more,
      max_tokens_affordable: limitThatFits ?? 0,
    },
  })
}

/** A call that is so long that it is not read for an account which has nothing left. */
export const refusedUnread = (topUpUrl: string | undefined): Refused =>
  new Refused('insufficient_balance', {
    message:
      `There is no credit left for a call of this size: ${howCredit(topUpUrl)}.` +
      whereCredit(topUpUrl),
    more: creditAt(topUpUrl),
  })
