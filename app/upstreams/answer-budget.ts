type Bounds = {
  processBytesMax: number
  accountBytesMax: number
  /** What one that waited reads before it is looked at again. */
  pieceBytesMax: number
  waitMsMax: number
  takeMsMax: number
  lookEveryMs: number
}

/** What one answer has of the budget. */
export type AnswerShare = {
  /**
   * So many bytes more are there. Undefined where the next may come at once; else it resolves when
   * they may, and with false where there was no room for too long.
   */
  add(bytes: number): Promise<boolean> | undefined
  /** Has no more than so many bytes from now on. */
  keep(bytes: number): void
  /** All of it is there, and its client takes it; told to `cut` where somebody waits for its room for too long. */
  goOut(cut: () => void): void
  /** It is over, and has nothing any more. */
  end(): void
}

type Account = { bytes: number; shares: number }
type Share = { own: number; account: Account; cut?: () => void; sinceMs: number }
type Waiter = { share: Share; sinceMs: number; resolve(mayGoOn: boolean): void }

/**
 * Counts the memory that plain answers take in this process until their clients have taken them,
 * all together and by account. Past it the next piece of an answer waits, and with it the upstream,
 * which has been paid by then. The first in the line goes on all the same, one at a time, because
 * all that wait could be waiting for one another.
 */
export class AnswerBudget {
  private taken = 0
  private readonly accounts = new Map<number, Account>()
  private waiting: Waiter[] = []
  private readonly goingOut = new Set<Share>()
  private ahead: Share | undefined
  private looking: NodeJS.Timeout | undefined

  constructor(
    private readonly most: Bounds,
    private readonly nowMs = () => performance.now(),
  ) {}

  get bytes() {
    return this.taken
  }

  /** Begins an answer to an account. */
  open(accountId: number): AnswerShare {
    const account = this.accounts.get(accountId) ?? { bytes: 0, shares: 0 }
    account.shares++
    this.accounts.set(accountId, account)
    const share: Share = { own: 0, account, sinceMs: 0 }
    let isOver = false
    return {
      add: (bytes) => {
        this.change(share, bytes)
        if (this.ahead === share || this.roomFor(share) >= 0) return undefined
        return this.wait(share)
      },
      keep: (bytes) => {
        if (bytes >= share.own) return
        this.change(share, bytes - share.own)
        this.letOn()
      },
      goOut: (cut) => {
        share.cut = cut
        share.sinceMs = this.nowMs()
        this.goingOut.add(share)
      },
      end: () => {
        if (isOver) return
        isOver = true
        this.change(share, -share.own)
        if (--account.shares === 0) this.accounts.delete(accountId)
        this.goingOut.delete(share)
        if (this.ahead === share) this.ahead = undefined
        this.leave(({ share: of }) => of === share)
        this.letOn()
      },
    }
  }

  private change(share: Share, bytes: number) {
    share.own += bytes
    share.account.bytes += bytes
    this.taken += bytes
  }

  private roomFor({ account }: Share) {
    const { processBytesMax, accountBytesMax } = this.most
    return Math.min(processBytesMax - this.taken, accountBytesMax - account.bytes)
  }

  private wait(share: Share): Promise<boolean> {
    const waits = new Promise<boolean>((resolve) => {
      this.waiting.push({ share, sinceMs: this.nowMs(), resolve })
    })
    this.letOn()
    return waits
  }

  /** Lets those go on for whom there is room, and the first of all others beyond it. */
  private letOn() {
    let promised = 0
    const hasRoom = ({ share }: Waiter) => this.roomFor(share) - promised >= this.most.pieceBytesMax
    const left: Waiter[] = []
    for (const waiter of this.waiting) {
      const { share } = waiter
      if (!hasRoom(waiter) && this.ahead) {
        left.push(waiter)
        continue
      }
      if (!hasRoom(waiter)) this.ahead = share
      promised += this.most.pieceBytesMax
      waiter.resolve(true)
    }
    this.waiting = left
    if (left.length === 0) this.stopLooking()
    else this.looking ??= setInterval(() => this.look(), this.most.lookEveryMs)
  }

  /** While some wait: ends those that others have waited for too long, and the waiting that has. */
  look() {
    const now = this.nowMs()
    for (const share of [...this.goingOut]) {
      const isSlow = now - share.sinceMs > this.most.takeMsMax
      // Each is asked when the one before it has gone, which may have made room enough.
      if (isSlow && this.isWaitedFor(share)) share.cut?.()
    }
    this.leave(({ sinceMs }) => now - sinceMs > this.most.waitMsMax)
    this.letOn()
  }

  /**
   * Whether somebody waits for what it has: those of its own account where that is full, and any
   * whose account has room where the process has none. Its end would not help others.
   */
  private isWaitedFor({ account }: Share) {
    const { processBytesMax, accountBytesMax, pieceBytesMax } = this.most
    const isFull = processBytesMax - this.taken < pieceBytesMax
    return this.waiting.some(({ share: { account: its } }) =>
      accountBytesMax - its.bytes < pieceBytesMax ? its === account : isFull,
    )
  }

  private leave(isGone: (waiter: Waiter) => boolean) {
    const gone = this.waiting.filter(isGone)
    this.waiting = this.waiting.filter((waiter) => !gone.includes(waiter))
    for (const { resolve } of gone) resolve(false)
  }

  private stopLooking() {
    clearInterval(this.looking)
    this.looking = undefined
  }
}
