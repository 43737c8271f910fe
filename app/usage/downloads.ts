import { Shares } from '../http/http.server.ts'

type DownloadBounds = {
  anAccountMax: number
  aProcessMax: number
  share: ConstructorParameters<typeof Shares>[0]
}

/**
 * Counts the downloads under way in this process: each keeps the database busy for as long as it
 * lasts, so neither one account nor all of them together may begin any number.
 */
export class Downloads {
  private readonly open = new Map<number, number>()
  private total = 0

  private readonly shares: Shares

  constructor(private readonly most: DownloadBounds) {
    this.shares = new Shares(most.share)
  }

  /** Makes the next slice of an account's download when it is its turn. */
  async inTurn<T>(accountId: number, work: () => Promise<T>): Promise<T> {
    const leave = await this.shares.take(accountId)
    // There are more places in a line than downloads of an account.
    if (!leave) throw new Error('more slices of downloads than there are downloads')
    try {
      return await work()
    } finally {
      leave()
    }
  }

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
