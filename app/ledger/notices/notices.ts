import { createHash } from 'node:crypto'
import { run, type Db, type Params } from '../../db/db.server.ts'
import type { UnclearWhy } from '../../values/payments/order-states.ts'
import type { AccountState } from '../decide.ts'
import { creditLeft } from './crossings.ts'

/** Something that the people of an account are told. Money is nano-dollars, moments are ISO texts. */
export type AccountFact =
  | { kind: 'balance.low'; creditNanos: number; belowNanos: number }
  /** `period` is that of the budget: `life`, or as `week 2026-11-23T00:00:00Z`, since when it is. */
  | {
      kind: 'key.budget'
      keyId: number
      percent: 80 | 100
      budgetNanos: number
      spentNanos: number
      period: string
    }
  | {
      kind: 'plan.ends'
      plan: string
      endsAt: string
      why: 'canceled' | 'unpaid' | 'over' | 'refunded'
    }
  /** `amount` as the provider takes it, such as `20.00`; `order` is what pages know it by. */
  | {
      kind: 'payment.received'
      order: string
      amount: string
      currency: string
      creditNanos: number
    }
  | { kind: 'payment.refunded' | 'payment.disputed'; order: string; takenNanos: number }
  | { kind: 'notice.test' }

/** Something that the operator is told. */
export type OperatorFact =
  | { kind: 'upstream.open'; upstream: string; since: string }
  | { kind: 'model.open'; model: string; since: string }
  | { kind: 'books.differ'; differences: number }
  | { kind: 'holds.old'; holds: number; oldest: string }
  | { kind: 'payment.unclear'; order: string; account: number; why: UnclearWhy }
  | { kind: 'notice.test' }

type NewNotice = {
  /**
   * Names what has happened among all that ever will: the same again is told once. It begins with
   * the kind, as `payment.received <public id>` does.
   */
  about: string
} & ({ accountId: number; fact: AccountFact } | { accountId: null; fact: OperatorFact })

/** What a notice is known by everywhere: its row, its mail, its call of a webhook. */
export const noticeId = (about: string): Buffer =>
  createHash('sha256').update(about).digest().subarray(0, 16)

/** The row of one, for a list of statements. */
export function noticeRow({ about, accountId, fact }: NewNotice) {
  const { kind, ...payload } = fact
  return {
    id: noticeId(about),
    accountId,
    kind,
    payload: JSON.stringify(payload),
  } satisfies Params<'ledger/notices/insert-new'>
}

/**
 * Has people told of something, once: written with the fact, in its transaction, and sent after it
 * by whichever relay comes first (app/notices). Nothing in it may be a secret.
 */
export async function writeNotice(db: Db, notice: NewNotice): Promise<void> {
  await run(db, 'ledger/notices/insert-new', noticeRow(notice))
}

/**
 * From when on an account's people are told that its credit is low; null for never. One that is
 * below it already has not crossed it: that is told when it has risen, and falls again. The caller
 * holds the account's lock.
 */
export async function setThreshold(db: Db, account: AccountState, nanos: number | null) {
  const notifiedLow = Number(nanos !== null && creditLeft(account) < nanos)
  await run(db, 'ledger/notices/set-threshold', { accountId: account.id, nanos, notifiedLow })
}
