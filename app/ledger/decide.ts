import { limits } from '../config/limits.ts'
import type { AccountStatus } from '../values/account-statuses.ts'
import type { Ask, KeyBudget, Reservation } from './ops.ts'

export type AccountState = {
  id: number
  status: AccountStatus
  planNanos: number
  planHeldNanos: number
  balanceNanos: number
  balanceHeldNanos: number
  entrySeq: number
  /** When what is decided now is booked: never before the account's last entry. */
  bookedAt: string
}
export type KeyState = {
  id: number
  accountId: number
  revoked: number
  expired: number
  budgetNanos: number | null
  spentNanos: number
  heldNanos: number
  models: string | null
}

const scale = 1_000_000n

/** The only rounding of money: a part of a nano-dollar is charged whole. */
export const roundUpNanos = (scaled: bigint) => Number((scaled + scale - 1n) / scale)

const costOf = (ask: Ask, outputTokens: number) =>
  roundUpNanos(ask.inputScaled + ask.outputScaledPerToken * BigInt(outputTokens))

function tokensAffordable(ask: Ask, nanos: number): number {
  const left = BigInt(nanos) * scale - ask.inputScaled
  if (left < 0n) return 0
  if (ask.outputScaledPerToken === 0n) return ask.outputTokensMax
  const tokens = left / ask.outputScaledPerToken
  return tokens > BigInt(ask.outputTokensMax) ? ask.outputTokensMax : Number(tokens)
}

export const planAvailable = (a: AccountState) => a.planNanos - a.planHeldNanos
export const balanceAvailable = (a: AccountState) => a.balanceNanos - a.balanceHeldNanos
export const available = (a: AccountState) => planAvailable(a) + balanceAvailable(a)

function budgetOf(key: KeyState | undefined): KeyBudget | null {
  if (!key || key.budgetNanos === null) return null
  const { budgetNanos, spentNanos, heldNanos } = key
  return { budgetNanos, spentNanos, heldNanos }
}

/** True where the key's list of models names this one, or there is no list. */
export function mayUse(models: string | null, model: string): boolean {
  return models === null || (JSON.parse(models) as string[]).includes(model)
}

/**
 * Decides one reservation from what the locked rows say. Pure: the transaction only carries it.
 * Output without a limit of the client's own is held at the model's maximum while that is at most a
 * quarter of what is available, else at the largest ceiling that fits, so one call cannot lock up a
 * rich account and a poor one is still served.
 */
export function decideReserve(
  account: AccountState | undefined,
  key: KeyState | undefined,
  ask: Ask,
  model: string,
): Reservation {
  const accountNanos = account ? available(account) : 0
  const refuse = (code: (Reservation & { granted: false })['code'], needed = 0, tokens = 0) => ({
    granted: false as const,
    code,
    neededNanos: needed,
    availableNanos: accountNanos,
    heldNanos: account ? account.planHeldNanos + account.balanceHeldNanos : 0,
    budget: budgetOf(key),
    outputTokensAffordable: tokens,
  })
  if (!account || !key || key.accountId !== account.id || key.revoked || key.expired) {
    return refuse('invalid_api_key')
  }
  if (account.status !== 'active' || !mayUse(key.models, model)) return refuse('permission_denied')

  const keyNanos =
    key.budgetNanos === null ? Infinity : key.budgetNanos - key.spentNanos - key.heldNanos
  const limitNanos = Math.max(0, Math.min(accountNanos, keyNanos))
  const affordable = tokensAffordable(ask, limitNanos)
  const outputTokensMax = chooseOutput(ask, limitNanos, affordable)
  const holdNanos = costOf(ask, outputTokensMax)
  if (holdNanos > limitNanos) {
    const code = holdNanos > accountNanos ? 'insufficient_balance' : 'key_budget_exceeded'
    return refuse(code, holdNanos, affordable)
  }
  const planNanos = Math.min(Math.max(0, planAvailable(account)), holdNanos)
  return {
    granted: true,
    holdNanos,
    planNanos,
    balanceNanos: holdNanos - planNanos,
    outputTokensMax,
  }
}

function chooseOutput(ask: Ask, limitNanos: number, affordable: number): number {
  if (ask.outputTokensWanted !== null) return Math.min(ask.outputTokensWanted, ask.outputTokensMax)
  if (costOf(ask, ask.outputTokensMax) <= limitNanos / 4) return ask.outputTokensMax
  return Math.max(affordable, Math.min(limits.ledger.outputTokensLeast, ask.outputTokensMax))
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
 * Charges a cost whose hold the sweep has freed: straight from the pools, never more than the hold
 * was, and the one way in which what is available may fall below zero.
 */
export function splitLateCharge(
  account: AccountState,
  holdNanos: number,
  costNanos: number,
): Split {
  const charged = Math.min(costNanos, holdNanos)
  const planNanos = Math.min(charged, Math.max(0, planAvailable(account)))
  return { planNanos, balanceNanos: charged - planNanos, overrunNanos: costNanos - charged }
}
