type Bounds = { anAccountMax: number; aProcessMax: number }

/**
 * What is asked of upstreams in this process that no call has a row for: nothing is held for it, so
 * that nothing else bounds how much of it one account has under way, or all of them.
 */
export class StoredAsks {
  private total = 0
  private readonly ofAccount = new Map<number, number>()

  constructor(private readonly bounds: Bounds) {}

  /** Takes a place; what it answers gives it back, once. Undefined where there is none. */
  take(accountId: number): (() => void) | undefined {
    const taken = this.ofAccount.get(accountId) ?? 0
    const { anAccountMax, aProcessMax } = this.bounds
    if (taken >= anAccountMax || this.total >= aProcessMax) return undefined
    this.total++
    this.ofAccount.set(accountId, taken + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.total--
      const left = (this.ofAccount.get(accountId) ?? 1) - 1
      if (left > 0) this.ofAccount.set(accountId, left)
      else this.ofAccount.delete(accountId)
    }
  }
}
