type Bounds = { processBytesMax: number; accountBytesMax: number }
type Kept = { accountId: number; bytes: number; letGo: () => void }

/**
 * Bodies that are on the wire, and are kept in case they must be sent elsewhere. They have a budget
 * of their own, all together and by account: the oldest are let go first, so that who waits long
 * for an upstream keeps nobody's next body out.
 */
export class KeptBodies {
  /** The oldest first. */
  private readonly all = new Set<Kept>()
  private readonly byAccount = new Map<number, number>()
  private total = 0

  constructor(private readonly most: Bounds) {}

  get bytes() {
    return this.total
  }

  /** Keeps one until what this answers is called, or until it is let go, at once perhaps. */
  keep(accountId: number, bytes: number, letGo: () => void): () => void {
    const kept = { accountId, bytes, letGo }
    this.all.add(kept)
    this.change(kept, bytes)
    const { processBytesMax, accountBytesMax } = this.most
    for (const it of this.all) {
      const isAccountFull = (this.byAccount.get(accountId) ?? 0) > accountBytesMax
      if (!isAccountFull && this.total <= processBytesMax) break
      if (isAccountFull && it.accountId !== accountId) continue
      this.remove(it)
      it.letGo()
    }
    return () => this.remove(kept)
  }

  private remove(kept: Kept) {
    if (this.all.delete(kept)) this.change(kept, -kept.bytes)
  }

  private change({ accountId }: Kept, bytes: number) {
    this.total += bytes
    const own = (this.byAccount.get(accountId) ?? 0) + bytes
    if (own > 0) this.byAccount.set(accountId, own)
    else this.byAccount.delete(accountId)
  }
}
