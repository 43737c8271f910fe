import type { MessageDescriptor } from '@lingui/core'
import { changeAccount, type Change } from '../../account-log/account-log.server.ts'
import { limits } from '../../config/limits.ts'
import {
  doubleKey,
  isRolledBack,
  rollBack,
  run,
  type Db,
  type Pool,
  type Row,
} from '../../db/db.server.ts'
import { subscribeLocked, writeEntry, type AccountState } from '../../ledger/ledger.server.ts'
import { formatUsd } from '../../values/money.ts'
import { readCode } from './code-text.ts'

/** What an account has had for a code. */
type Redeemed = { codeId: number; valueNanos: number; planId: number | null }

export type CodeRefusal =
  /** What was typed is none; in words. */
  | { state: 'no code'; why: MessageDescriptor }
  /** It is one that nobody has made, or that was made elsewhere. */
  | { state: 'unknown' }
  /** This account, or the same person in another, has redeemed it before, and had then what it is worth. */
  | { state: 'repeated'; redeemedAt: Date; codeId: number; isElsewhere: boolean }
  | { state: 'used up' | 'canceled' | 'over the limit' | 'suspended' | 'has a plan' }
  | { state: 'expired'; expiresAt: Date | null }

type Redemption = {
  accountId: number
  userId: number
  /** As it was typed; whatever a form, or a body, may hold. */
  code: unknown
}

type Gift = { codeId: number; userId: number; batch: Row<'payments/codes/read-batch'> }

/** Writes what a code brings: its value, or a plan that it has paid for. Answers why it cannot be. */
async function give(
  db: Db,
  account: AccountState,
  { codeId, userId, batch }: Gift,
): Promise<CodeRefusal | undefined> {
  const { valueNanos, planId, months } = batch
  const actor = `user:${userId}`
  if (planId !== null) {
    const wish = { planId, priceNanos: 0, months: months ?? 1, by: actor }
    const { state } = await subscribeLocked(db, account, wish)
    switch (state) {
      case 'subscribed':
        return undefined
      case 'has a plan':
      case 'over the limit':
        return { state }
      case 'no such plan':
      case 'not enough available':
        throw new Error(`a plan that a code has paid for cannot be begun: ${state}`)
    }
  }
  const after = account.planNanos + account.balanceNanos + valueNanos
  if (after > limits.accounts.nanosMax) return { state: 'over the limit' }
  await writeEntry(db, account, {
    accountId: account.id,
    kind: 'grant',
    planNanos: 0,
    balanceNanos: valueNanos,
    ref: `code:${codeId}:${account.id}`,
    actor,
    note: `code ${codeId}`,
  })
  return undefined
}

/** What this account, or this person anywhere, has had for the code before, if anything. */
async function findRepeated(
  db: Db,
  codeId: number,
  { accountId, userId }: Redemption,
): Promise<CodeRefusal | undefined> {
  const before = await run(db, 'payments/codes/find-repeated', { codeId, accountId, userId })
  if (!before) return undefined
  const { redeemedAt } = before
  return { state: 'repeated', redeemedAt, codeId, isElsewhere: before.accountId !== accountId }
}

async function redeemLocked(
  { db, account, note }: Change,
  codeId: number,
  asked: Redemption,
): Promise<({ state: 'redeemed' } & Redeemed) | CodeRefusal> {
  const { accountId, userId } = asked
  const code = await run(db, 'payments/codes/lock', { id: codeId })
  const batch = code && (await run(db, 'payments/codes/read-batch', { id: code.batchId }))
  if (!batch) return { state: 'unknown' }
  const repeated = await findRepeated(db, codeId, asked)
  if (repeated) return repeated
  if (code.canceledAt ?? batch.canceledAt) return { state: 'canceled' }
  if (batch.isExpired) return { state: 'expired', expiresAt: batch.expiresAt }
  if (code.usesLeft < 1) return { state: 'used up' }
  if (account.status === 'suspended') return { state: 'suspended' }
  const given = await give(db, account, { codeId, userId, batch })
  if (given) return given
  const { valueNanos, planId, months } = batch
  // The row is locked, and had a use left.
  if ((await run(db, 'payments/codes/use-one', { id: codeId })) !== 1)
    throw new Error('a locked code was used by somebody else')
  const redeemed = { codeId, valueNanos, planId }
  await run(db, 'payments/codes/insert-redemption', {
    ...redeemed,
    accountId,
    userId,
    entrySeq: account.entrySeq,
    redeemedAt: account.bookedAt,
  })
  const detail = planId === null ? { value_usd: formatUsd(valueNanos) } : { plan: planId, months }
  await note(`code ${codeId}`, detail)
  return { state: 'redeemed', ...redeemed }
}

/**
 * Redeems a code for an account: its credit and the use of the code are one transaction, under the
 * account's lock and then the code's, always in this order. Once an account and once a person,
 * whatever accounts they make or come into, and as often in all as the code has uses, whoever else
 * does so at once; repeating it is harmless. A code that nobody has made locks nothing. Throws
 * `NoLongerAllowed`.
 */
export async function redeemCode(
  pool: Pool,
  asked: Redemption,
): Promise<({ state: 'redeemed' } & Redeemed) | CodeRefusal> {
  const read = readCode(asked.code)
  if (read.state === 'no code') return read
  const found = await run(pool, 'payments/codes/find', { digest: read.digest })
  if (!found) return { state: 'unknown' }
  if (found.usesLeft < 1) return (await findRepeated(pool, found.id, asked)) ?? { state: 'used up' }
  const once = async () => {
    let answer: Awaited<ReturnType<typeof redeemLocked>> | undefined
    const result = await changeAccount(pool, asked, 'code redeem', async (change) => {
      answer = await redeemLocked(change, found.id, asked)
      return answer.state === 'redeemed' ? answer : rollBack(answer.state)
    })
    if (!isRolledBack(result)) return result
    if (!answer) throw new Error('a signed-in person has no account')
    return answer
  }
  try {
    return await once()
  } catch (error) {
    // Another node of a cluster had it at the same moment: by now its row is to be seen here too.
    if ((error as { errno?: number }).errno !== doubleKey) throw error
    return once()
  }
}
