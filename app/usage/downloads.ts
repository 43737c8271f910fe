/**
 * Counts the downloads under way in this process: each keeps the database busy for as long as it
 * lasts, so neither one account nor all of them together may begin any number.
 */
export class Downloads {
  private readonly open = new Map<number, number>()
  private total = 0

  constructor(private readonly most: { anAccountMax: number; aProcessMax: number }) {}

  /** Lets a download begin and answers how to end it, once; undefined where there are too many. */
  begin(accountId: number): (() => void) | undefined {
    const own = this.open.get(accountId) ?? 0
    if (own >= this.most.anAccountMax || this.total >= this.most.aProcessMax) return undefined
    this.open.set(accountId, own + 1)
    this.total++
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.total--
      const left = (this.open.get(accountId) ?? 1) - 1
      if (left === 0) this.open.delete(accountId)
      else this.open.set(accountId, left)
    }
  }
}
