import { limits } from '../config/limits.ts'
import type { AccountStatus } from '../values/account-statuses.ts'
import { plainFactor } from '../values/factors.ts'
import { covers } from '../values/model-scope.ts'
import { isWithin } from './keys/addresses.ts'
import { leftOf, tightestOf, unbounded, type KeyState } from './keys/key-state.ts'
import type { Ask, Asker, DeniedBy, KeyBudget, Refusal, Reservation, ReserveOp } from './ops.ts'

export type AccountState = {
  id: number
  status: AccountStatus
  planNanos: number
  planHeldNanos: number
  balanceNanos: number
  balanceHeldNanos: number
  entrySeq: number
  /** No slot from here on is in any of its days; one before it may be (0056). */
  foldedSlot: number
  /** What it pays, in basis points of the price. */
  factor: number
  /** Which models the plan credit pays for, as JSON; null for all. */
  planModels: string | null
  /** When what is decided now is booked: never before the account's last entry. */
  bookedAt: string
  /** Whoever runs it is told when its credit falls below this; null where nobody wants to be. */
  notifyBelowNanos: number | null
  /** They have been, and it has not risen since. */
  notifiedLow: number
}
const scale = 1_000_000n

const roundUp = (amount: bigint, by: bigint) => Number((amount + by - 1n) / by)

/** The only rounding of money: a part of a nano-dollar is charged whole. */
export const roundUpNanos = (scaled: bigint) => roundUp(scaled, scale)

/** What one account is asked for: `fine` is scaled, and has four more decimals for its factor. */
const fineScale = scale * BigInt(plainFactor)
type FineAsk = Pick<Ask, 'outputTokensWanted' | 'outputTokensMax'> & {
  inputFine: bigint
  inputLeastFine: bigint
  outputFinePerToken: bigint
}

/** Nothing is rounded here, so that a factor does not round what has been rounded. */
function factored(ask: Ask, factor: number): FineAsk {
  const { inputScaled, inputLeastScaled = inputScaled, outputScaledPerToken } = ask
  const points = BigInt(factor)
  return {
    inputFine: inputScaled * points,
    inputLeastFine: inputLeastScaled * points,
    outputFinePerToken: outputScaledPerToken * points,
    outputTokensWanted: ask.outputTokensWanted,
    outputTokensMax: ask.outputTokensMax,
  }
}

const costOf = (ask: FineAsk, outputTokens: number) =>
  roundUp(ask.inputFine + ask.outputFinePerToken * BigInt(outputTokens), fineScale)

/** How many tokens of output there is money for beside the input; null where they cost nothing. */
function tokensPaidFor(ask: FineAsk, nanos: number): bigint | null {
  const left = BigInt(nanos) * fineScale - ask.inputFine
  if (left < 0n) return 0n
  return ask.outputFinePerToken === 0n ? null : left / ask.outputFinePerToken
}

/** What a call may hold: what the account has, and no more than its key may still spend. */
function limitOf(accountNanos: number, budget: KeyBudget | null): number {
  if (budget === null) return Math.max(0, accountNanos)
  return Math.max(0, Math.min(accountNanos, leftOf(budget)))
}

/** The largest limit on output with which another such call fits what a refusal has found. */
export function outputAffordable({ availableNanos, budget, accountFactor }: Refusal, ask: Ask) {
  const limitNanos = limitOf(availableNanos, budget)
  return atMost(tokensPaidFor(factored(ask, accountFactor), limitNanos), ask.outputTokensMax)
}

const atMost = (tokens: bigint | null, most: number) =>
  tokens === null || tokens > BigInt(most) ? most : Number(tokens)

/** What an account has, and what calls under way hold of it. */
type Pools = Pick<AccountState, 'planNanos' | 'planHeldNanos' | 'balanceNanos' | 'balanceHeldNanos'>

export const planAvailable = (a: Pools) => a.planNanos - a.planHeldNanos
export const balanceAvailable = (a: Pools) => a.balanceNanos - a.balanceHeldNanos
const owes = (a: Pools) => balanceAvailable(a) < 0

/**
 * What calls can be let in with. Whoever owes has nothing: a plan whose payment was taken back, or
 * any other, pays for no call until the balance is not below zero any more. Pages and the API say
 * the same, by statements of their own.
 */
export const available = (a: Pools) =>
  owes(a) ? balanceAvailable(a) : planAvailable(a) + balanceAvailable(a)

/** What is free of the plan credit that a call of this model may be paid from. */
const planFor = (a: AccountState, model: string) =>
  covers(a.planModels, model) ? Math.max(0, planAvailable(a)) : 0

/** What an account has for calls of one model, and what calls under way hold of that. */
function moneyFor(a: AccountState, model: string) {
  const { planHeldNanos, balanceHeldNanos } = a
  if (covers(a.planModels, model))
    return {
      availableNanos: available(a),
      // Of what is held of a plan nothing helps whoever owes.
      heldNanos: owes(a) ? balanceHeldNanos : planHeldNanos + balanceHeldNanos,
      otherPlanNanos: 0,
    }
  const otherPlanNanos = Math.max(0, planAvailable(a))
  return { availableNanos: balanceAvailable(a), heldNanos: balanceHeldNanos, otherPlanNanos }
}

/** True where a list of models names this one, or there is no list. */
export function mayUse(models: string | null, model: string): boolean {
  return models === null || (JSON.parse(models) as string[]).includes(model)
}

/** A secret that was replaced works for as long as was said then; the one before it no more. */
export const isGoodSecret = (
  key: Pick<KeyState, 'secretNo' | 'isOldGood'>,
  secretNo: number,
): boolean => secretNo === key.secretNo || (secretNo === key.secretNo - 1 && key.isOldGood === 1)

/** What keeps a good key from a call. */
function deniedBy(
  account: AccountState,
  key: KeyState,
  model: string,
  asker: Asker | undefined,
): DeniedBy | undefined {
  if (account.status !== 'active') return 'account'
  if (key.disabled) return 'key'
  if (key.addresses !== null && !(asker && isWithin(key.addresses, asker.address))) return 'address'
  if (!mayUse(key.models, model)) return 'models'
  return covers(key.groupModels, model) ? undefined : 'group models'
}

type Wish = Pick<ReserveOp, 'ask' | 'lastTry' | 'asker'> & { model: string }

/**
 * Decides one reservation from what the locked rows say. Pure: the transaction only carries it. A
 * bound of the input that counting may lower is held only where it is small beside what is
 * available; else the answer is to count first, unless no count could make the call fit.
 */
export function decideReserve(
  account: AccountState | undefined,
  key: KeyState | undefined,
  { ask: asked, lastTry, model, asker }: Wish,
): Reservation {
  const budget = key ? tightestOf(key) : null
  const money = account && moneyFor(account, model)
  const accountNanos = money?.availableNanos ?? 0
  const refuse = (code: Refusal['code'], needed = 0, tokens = 0): Refusal => ({
    granted: false,
    code,
    neededNanos: needed,
    availableNanos: accountNanos,
    heldNanos: money?.heldNanos ?? 0,
    otherPlanNanos: money?.otherPlanNanos ?? 0,
    budget,
    outputTokensAffordable: tokens,
    accountFactor: account?.factor ?? plainFactor,
  })
  if (!account || !key || key.accountId !== account.id || key.revoked || key.expired) {
    return refuse('invalid_api_key')
  }
  if (asker && !isGoodSecret(key, asker.secretNo)) return refuse('invalid_api_key')
  const denied = deniedBy(account, key, model, asker)
  if (denied) return { ...refuse('permission_denied'), deniedBy: denied }

  const ask = factored(asked, account.factor)
  const limitNanos = limitOf(accountNanos, budget)
  const outputTokensMax = chooseOutput(ask, limitNanos)
  const holdNanos = costOf(ask, outputTokensMax)
  if (!lastTry && isWorthCounting(ask, limitNanos, holdNanos)) {
    return { granted: false, code: 'count_first' }
  }
  if (holdNanos > limitNanos) {
    const code = holdNanos > accountNanos ? 'insufficient_balance' : 'key_budget_exceeded'
    const affordable = atMost(tokensPaidFor(ask, limitNanos), ask.outputTokensMax)
    return refuse(code, holdNanos, affordable)
  }
  const planNanos = Math.min(planFor(account, model), holdNanos)
  return {
    granted: true,
    holdNanos,
    planNanos,
    balanceNanos: holdNanos - planNanos,
    outputTokensMax,
    accountFactor: account.factor,
  }
}

/**
 * Decides once more by the figures of a refusal for money, as if nothing had changed since: for a
 * key that may use the model.
 */
export function decideAgain(
  { availableNanos, heldNanos, otherPlanNanos, budget, accountFactor }: Refusal,
  { ask, lastTry, model }: Wish,
): Reservation {
  const account: AccountState = {
    id: 0,
    status: 'active',
    // What is available of the two together is what decides.
    planNanos: 0,
    planHeldNanos: 0,
    balanceNanos: availableNanos + heldNanos,
    balanceHeldNanos: heldNanos,
    entrySeq: 0,
    foldedSlot: 0,
    factor: accountFactor,
    planModels: null,
    bookedAt: '',
    notifyBelowNanos: null,
    notifiedLow: 0,
  }
  const { budgetNanos = null, spentNanos = 0, heldNanos: keyHeldNanos = 0 } = budget ?? {}
  const money = { budgetNanos, spentNanos, heldNanos: keyHeldNanos }
  const key: KeyState = { ...unbounded, id: 0, accountId: 0, revoked: 0, expired: 0, ...money }
  const answer = decideReserve(account, key, { ask, lastTry, model })
  if (answer.granted || answer.code === 'count_first') return answer
  // Of the same budget, whatever kind it is of.
  return { ...answer, budget, otherPlanNanos }
}

/** Whether an exact count of the input is worth its time: it may help, and it matters. */
function isWorthCounting(ask: FineAsk, limitNanos: number, holdNanos: number): boolean {
  const { inputFine, inputLeastFine } = ask
  if (inputLeastFine >= inputFine) return false
  if (roundUp(inputLeastFine, fineScale) > limitNanos) return false
  const isLarge = roundUp(inputFine, fineScale) > limitNanos / limits.ledger.boundedInputShare
  return isLarge || holdNanos > limitNanos
}

/**
 * The limit on output that a hold covers. Where the client names none it is the model's maximum
 * while that costs at most a quarter of what is available; else an eighth of what is affordable or
 * the usual length of a long answer, whichever is more, so that one call does not lock up the
 * account of those beside it; where that does not fit either, the largest that does.
 */
function chooseOutput(ask: FineAsk, limitNanos: number): number {
  const { outputTokensWanted, outputTokensMax } = ask
  if (outputTokensWanted !== null) return Math.min(outputTokensWanted, outputTokensMax)
  const { maximumShare, outputShare, outputTokensUsual, outputTokensLeast } = limits.ledger
  if (costOf(ask, outputTokensMax) <= limitNanos / maximumShare) return outputTokensMax
  const paidFor = tokensPaidFor(ask, limitNanos)
  const affordable = atMost(paidFor, outputTokensMax)
  const share = atMost(paidFor === null ? null : paidFor / BigInt(outputShare), outputTokensMax)
  const some = Math.max(share, Math.min(outputTokensUsual, outputTokensMax))
  if (some <= affordable) return some
  return Math.max(affordable, Math.min(outputTokensLeast, outputTokensMax))
}

export type Split = { planNanos: number; balanceNanos: number; overrunNanos: number }

/** Charges a cost to a hold, its plan part first. What the hold does not cover is the operator's. */
export function splitCharge(
  hold: { planNanos: number; balanceNanos: number },
  costNanos: number,
): Split {
  const charged = Math.min(costNanos, hold.planNanos + hold.balanceNanos)
  const planNanos = Math.min(charged, hold.planNanos)
  return { planNanos, balanceNanos: charged - planNanos, overrunNanos: costNanos - charged }
}

/**
 * What a hold may be charged to, once it is closed: all that is free of the plan by now goes before
 * the balance, for a call that held some of the plan may have given it back since.
 */
export function payableOf(
  account: AccountState,
  hold: { planNanos: number; balanceNanos: number },
  model: string,
) {
  const all = hold.planNanos + hold.balanceNanos
  const planNanos = Math.min(all, Math.max(hold.planNanos, planFor(account, model)))
  return { planNanos, balanceNanos: all - planNanos }
}

/**
 * Charges a cost whose hold the sweep has freed: straight from the pools, never more than the hold
 * was. But for a payment that is taken back, the one way in which a balance may fall below zero.
 */
export function splitLateCharge(
  account: AccountState,
  holdNanos: number,
  costNanos: number,
  model: string,
): Split {
  const charged = Math.min(costNanos, holdNanos)
  const planNanos = Math.min(charged, planFor(account, model))
  return { planNanos, balanceNanos: charged - planNanos, overrunNanos: costNanos - charged }
}
