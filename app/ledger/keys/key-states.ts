import { written, type Params, type Written } from '../../db/db.server.ts'
import { keyColumns, type KeyChange } from '../columns.ts'
import type { AccountState } from '../decide.ts'
import { beginMonth, beginPeriod, type KeyState, type MemberState } from './key-state.ts'

type KeyPeriod = Params<'ledger/keys/begin-key-period'>
type MemberMonth = Params<'ledger/keys/begin-member-month'>

/** The keys of one batch: as they were read where it reserves, and by how much it changes each. */
export class KeyStates {
  private readonly changes = new Map<number, KeyChange>()
  /** Periods that have begun, if a call is held for in them. */
  private readonly keyPeriods = new Map<KeyState, KeyPeriod>()
  private readonly memberMonths = new Map<MemberState, MemberMonth>()
  private readonly used = new Set<KeyState | MemberState>()

  constructor(private readonly keys: ReadonlyMap<number, KeyState>) {}

  /** A key as it is for a reservation: a budget whose period is over begins anew. */
  turned(id: number, account: AccountState | undefined): KeyState | undefined {
    const key = this.keys.get(id)
    // Whoever asks with a key of another account changes nothing of it.
    if (!key || key.accountId !== account?.id) return key
    if (key.period === null && key.member === null) return key
    const nowMs = Date.parse(`${account.bookedAt.replace(' ', 'T')}Z`)
    const begun = beginPeriod(key, nowMs, account.entrySeq)
    if (begun)
      this.keyPeriods.set(key, {
        id,
        periodBegan: new Date(begun.beganMs),
        periodEnds: new Date(begun.endsMs),
        baseNanos: begun.baseNanos,
        seq: begun.seq,
      })
    const { member } = key
    const month = member && beginMonth(member, key.timeZone, nowMs)
    if (month)
      this.memberMonths.set(member, {
        accountId: member.accountId,
        userId: member.userId,
        periodBegan: new Date(month.beganMs),
        periodEnds: new Date(month.endsMs),
        baseNanos: month.baseNanos,
      })
    return key
  }

  hold(id: number, heldNanos: number) {
    this.change(id, 0, heldNanos)
    const key = this.keys.get(id)
    if (!key || heldNanos === 0) return
    this.used.add(key)
    if (key.member) this.used.add(key.member)
  }

  change(id: number, spentNanos: number, heldNanos: number) {
    const change = this.changes.get(id)
    if (change) {
      change.spentNanos += spentNanos
      change.heldNanos += heldNanos
    } else this.changes.set(id, { id, spentNanos, heldNanos })
    // Read only where this batch has reservations of it, which count on what is left of its budget.
    const key = this.keys.get(id)
    if (!key) return
    key.spentNanos += spentNanos
    key.heldNanos += heldNanos
    if (!key.member) return
    key.member.spentNanos += spentNanos
    key.member.heldNanos += heldNanos
  }

  statements(): Written[] {
    const list: Written[] = []
    if (this.changes.size)
      list.push(written('ledger/write-keys', keyColumns([...this.changes.values()])))
    for (const [key, period] of this.keyPeriods)
      if (this.used.has(key)) list.push(written('ledger/keys/begin-key-period', period))
    for (const [member, month] of this.memberMonths)
      if (this.used.has(member)) list.push(written('ledger/keys/begin-member-month', month))
    return list
  }
}
