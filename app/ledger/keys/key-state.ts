import { periodAt, type Period } from '../../values/keys/periods.ts'
import type { Row } from '../../db/db.server.ts'
import type { KeyBudget } from '../ops.ts'

export type KeyRow = Row<'ledger/read-keys'>

/** A member whose spending in a month has a cap: all their keys of one account together. */
export type MemberState = {
  accountId: number
  userId: number
  capNanos: number
  endsMs: number | null
  baseNanos: number
  spentNanos: number
  heldNanos: number
}

export type KeyState = {
  id: number
  accountId: number
  revoked: number
  disabled: number
  expired: number
  budgetNanos: number | null
  spentNanos: number
  heldNanos: number
  /** The budget that begins anew; null where there is none. */
  period: Period | null
  periodBudgetNanos: number | null
  /** Null before the first call of it. */
  periodBeganMs: number | null
  periodEndsMs: number | null
  /** What it had spent when its period began. */
  periodBaseNanos: number
  /** By whose midnights periods end. */
  timeZone: string
  member: MemberState | null
  models: string | null
  /** Those of its account's group. */
  groupModels: string | null
  /** The only networks it may be used from, as JSON; null for all. */
  addresses: string | null
  /** How often it was given a new secret, and whether the one before still works. */
  secretNo: number
  isOldGood: number
}

/** What bounds nothing. */
export const unbounded = {
  disabled: 0,
  budgetNanos: null,
  period: null,
  periodBudgetNanos: null,
  periodBeganMs: null,
  periodEndsMs: null,
  periodBaseNanos: 0,
  timeZone: 'UTC',
  member: null,
  models: null,
  groupModels: null,
  addresses: null,
  secretNo: 0,
  isOldGood: 0,
} satisfies Partial<KeyState>

/** The member whose key a row is, where there is a cap. */
function memberOf(row: KeyRow): MemberState | null {
  const { userId, capNanos, capEnds } = row
  if (capNanos === null || userId === null) return null
  return {
    accountId: row.accountId,
    userId,
    capNanos,
    endsMs: capEnds === null ? null : capEnds.getTime(),
    baseNanos: row.capBaseNanos ?? 0,
    spentNanos: row.memberSpentNanos ?? 0,
    heldNanos: row.memberHeldNanos ?? 0,
  }
}

/** A key as it was read. One literal: put together from parts it would cost many times its size. */
const keyStateOf = (row: KeyRow): KeyState => ({
  id: row.id,
  accountId: row.accountId,
  revoked: row.revoked,
  disabled: row.disabled,
  expired: row.expired,
  budgetNanos: row.budgetNanos,
  spentNanos: row.spentNanos,
  heldNanos: row.heldNanos,
  period: row.period,
  periodBudgetNanos: row.periodBudgetNanos,
  periodBeganMs: row.periodBegan === null ? null : row.periodBegan.getTime(),
  periodEndsMs: row.periodEnds === null ? null : row.periodEnds.getTime(),
  periodBaseNanos: row.periodBaseNanos,
  timeZone: row.timeZone,
  member: memberOf(row),
  models: row.models,
  groupModels: row.groupModels,
  addresses: row.addresses,
  secretNo: row.secretNo,
  isOldGood: row.isOldGood,
})

/** Keys as they were read; those of one member share what is known of them. */
export function keyStatesOf(rows: readonly KeyRow[]): KeyState[] {
  const states = rows.map(keyStateOf)
  for (const [i, { member }] of states.entries()) {
    if (!member) continue
    const of = ({ member: it }: KeyState) =>
      it?.userId === member.userId && it.accountId === member.accountId
    // It finds itself at the latest.
    states[i]!.member = states.find(of)!.member
  }
  return states
}

type Bounded = Pick<
  KeyState,
  | 'budgetNanos'
  | 'spentNanos'
  | 'heldNanos'
  | 'period'
  | 'periodBudgetNanos'
  | 'periodBeganMs'
  | 'periodEndsMs'
  | 'periodBaseNanos'
  | 'member'
>

/** Every budget that a call of a key must fit. All of what is held counts in each of them. */
export function budgetsOf(key: Bounded): KeyBudget[] {
  const { budgetNanos, spentNanos, heldNanos, period, periodBudgetNanos, member } = key
  const budgets: KeyBudget[] = []
  if (budgetNanos !== null) budgets.push({ budgetNanos, spentNanos, heldNanos })
  if (period !== null && periodBudgetNanos !== null)
    budgets.push({
      budgetNanos: periodBudgetNanos,
      spentNanos: spentNanos - key.periodBaseNanos,
      heldNanos,
      period,
      beganMs: key.periodBeganMs,
      endsMs: key.periodEndsMs,
    })
  if (member)
    budgets.push({
      budgetNanos: member.capNanos,
      spentNanos: member.spentNanos - member.baseNanos,
      heldNanos: member.heldNanos,
      period: 'month',
      endsMs: member.endsMs,
      isMembers: true,
      isOthersToo: budgets.length > 0,
    })
  return budgets
}

export const leftOf = ({ budgetNanos, spentNanos, heldNanos }: KeyBudget) =>
  budgetNanos - spentNanos - heldNanos

/** The budget with the least left, which is the one that refuses. */
export function tightestOf(key: Bounded): KeyBudget | null {
  let tightest: KeyBudget | null = null
  for (const budget of budgetsOf(key))
    if (tightest === null || leftOf(budget) < leftOf(tightest)) tightest = budget
  return tightest
}

/** A period that begins with the next hold, and what is written of it. */
type Begun = { beganMs: number; endsMs: number; baseNanos: number; seq: number }

const beginAt = (period: Period, zone: string, nowMs: number, endsMs: number | null) =>
  endsMs !== null && nowMs < endsMs ? undefined : periodAt(period, zone, nowMs)

/**
 * Begins the period of a key's budget where the last one is over: what was spent until now, by calls
 * that were settled, is the last one's. What is held still is the new one's, and so is what becomes
 * of it, so that neither is ever overspent.
 */
export function beginPeriod(key: KeyState, nowMs: number, seq: number): Begun | undefined {
  if (key.period === null) return undefined
  const bounds = beginAt(key.period, key.timeZone, nowMs, key.periodEndsMs)
  if (!bounds) return undefined
  key.periodBeganMs = bounds.beganMs
  key.periodEndsMs = bounds.endsMs
  key.periodBaseNanos = key.spentNanos
  return { ...bounds, baseNanos: key.spentNanos, seq }
}

/** The same of a member's month. */
export function beginMonth(
  member: MemberState,
  timeZone: string,
  nowMs: number,
): Omit<Begun, 'seq'> | undefined {
  const bounds = beginAt('month', timeZone, nowMs, member.endsMs)
  if (!bounds) return undefined
  member.endsMs = bounds.endsMs
  member.baseNanos = member.spentNanos
  return { ...bounds, baseNanos: member.spentNanos }
}
