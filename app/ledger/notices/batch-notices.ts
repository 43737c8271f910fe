import { written, type Written } from '../../db/db.server.ts'
import type { AccountState, KeyState } from '../decide.ts'
import { creditLeft, isNewlyLow } from './crossings.ts'
import { noticeRow } from './notices.ts'

/** Part of a budget at which its people are told, and from which a refusal means that it is used up. */
const firstMark = 0.8

/** What one batch has people told of, in its own transaction. Where nobody asked for it, nothing. */
export class BatchNotices {
  private readonly budgetKeys = new Set<number>()
  private readonly rows = new Map<string, ReturnType<typeof noticeRow>>()

  /** A key with a budget was charged. */
  spent(keyId: number) {
    this.budgetKeys.add(keyId)
  }

  /** A call was refused for its key's budget: of one that is nearly spent, that is its end. */
  usedUp(key: KeyState | undefined) {
    if (!key || key.budgetNanos === null || key.spentNanos < key.budgetNanos * firstMark) return
    const { id: keyId, accountId, budgetNanos, spentNanos } = key
    const about = `key.budget ${keyId} life ${budgetNanos} 100`
    const row = noticeRow({
      about,
      accountId,
      fact: { kind: 'key.budget', keyId, percent: 100, budgetNanos, spentNanos, period: 'life' },
    })
    this.rows.set(about, row)
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
    if (this.rows.size)
      list.push(written('ledger/notices/insert', { notices: [...this.rows.values()] }))
    return list
  }
}
