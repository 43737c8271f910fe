import { written, type Written } from '../../db/db.server.ts'
import type { AccountState } from '../decide.ts'
import type { KeyState } from '../keys/key-state.ts'
import type { KeyBudget } from '../ops.ts'
import { creditLeft, isNewlyLow } from './crossings.ts'
import { noticeRow } from './notices.ts'

/** Part of a budget at which its people are told, and from which a refusal means that it is used up. */
const firstMark = 0.8

/** As `insert-key-budgets` writes it, for the same id: `life`, or as `day 2026-11-26T00:00:00Z`. */
const periodName = ({ period, beganMs }: KeyBudget) =>
  period && beganMs ? `${period} ${new Date(beganMs).toISOString().slice(0, 19)}Z` : 'life'

/** What one batch has people told of, in its own transaction. Where nobody asked for it, nothing. */
export class BatchNotices {
  private readonly budgetKeys = new Set<number>()
  private readonly rows = new Map<string, ReturnType<typeof noticeRow>>()

  /** A key with a budget was charged. */
  spent(keyId: number) {
    this.budgetKeys.add(keyId)
  }

  /** A call was refused for its key's budget: of one that is nearly spent, that is its end. */
  usedUp(key: KeyState | undefined, budget: KeyBudget | null) {
    if (!key || !budget || budget.isMembers) return
    const { budgetNanos, spentNanos } = budget
    if (spentNanos < budgetNanos * firstMark) return
    const { id: keyId, accountId } = key
    const period = periodName(budget)
    const about = `key.budget ${keyId} ${period} ${budgetNanos} 100`
    const fact = {
      kind: 'key.budget',
      keyId,
      percent: 100,
      budgetNanos,
      spentNanos,
      period,
    } as const
    this.rows.set(about, noticeRow({ about, accountId, fact }))
  }

  /** The writes, behind all others of the batch. */
  statements(accounts: Iterable<AccountState>): Written[] {
    const low = [...accounts].filter(isNewlyLow)
    for (const account of low) {
      const { id: accountId, entrySeq, notifyBelowNanos } = account
      const about = `balance.low ${accountId} ${entrySeq}`
      const creditNanos = creditLeft(account)
      // Newly low is only what has a threshold.
      const fact = { kind: 'balance.low', creditNanos, belowNanos: notifyBelowNanos! } as const
      this.rows.set(about, noticeRow({ about, accountId, fact }))
    }
    const list: Written[] = []
    if (low.length) {
      const ids = low.map(({ id }) => id)
      list.push(written('ledger/notices/write-notified', { ids, notifiedLow: 1 }))
    }
    if (this.budgetKeys.size)
      list.push(written('ledger/notices/insert-key-budgets', { ids: [...this.budgetKeys] }))
    for (const row of this.rows.values()) list.push(written('ledger/notices/insert-new', row))
    return list
  }
}
