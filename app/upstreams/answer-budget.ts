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
  /** All of it is there, and its client takes it; `cut` where others wait for it too long. */
  goOut(cut: () => void): void
  /** It is over, and has nothing any more. */
  end(): void
}

type Account = {
  bytes: number
  shares: number
  /** How many of its answers are with its clients, whose room comes back by itself. */
  goingOut: number
  /** Its answer that is read beyond its part. */
  ahead?: Share | undefined
}
type Share = { own: number; account: Account; cut?: () => void; sinceMs: number }
type Waiter = { share: Share; sinceMs: number; resolve(mayGoOn: boolean): void }

/**
 * Counts the memory that plain answers take in this process until their clients have taken them,
 * all together and by account. Past it the next piece of an answer waits, and with it the upstream,
 * which has been paid by then; not so of an answer that is one piece. Those that wait could be
 * waiting for one another, so one at a time is read beyond the budget all the same: one of the
 * process, one whose account has room before any other, and one of each account that is full, while
 * the process has room. Where a full account has answers with its clients, theirs is the room it
 * waits for.
 */
export class AnswerBudget {
  private taken = 0
  private readonly accounts = new Map<number, Account>()
  private waiting: Waiter[] = []
  private readonly goingOut = new Set<Share>()
  /** The answer that is read beyond the process's part. */
  private ahead: Share | undefined
  private aheadSinceMs = 0
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
    const account = this.accounts.get(accountId) ?? { bytes: 0, shares: 0, goingOut: 0 }
    account.shares++
    this.accounts.set(accountId, account)
    const share: Share = { own: 0, account, sinceMs: 0 }
    let isOver = false
    return {
      add: (bytes) => {
        if (isOver) return undefined
        this.change(share, bytes)
        if (share.own <= this.most.pieceBytesMax || this.mayRead(share, 0)) return undefined
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
        account.goingOut++
        this.isRead(share)
        this.letOn()
      },
      end: () => {
        if (isOver) return
        isOver = true
        this.change(share, -share.own)
        if (--account.shares === 0) this.accounts.delete(accountId)
        if (this.goingOut.delete(share)) account.goingOut--
        this.isRead(share)
        this.letOn()
      },
    }
  }

  private change(share: Share, bytes: number) {
    share.own += bytes
    share.account.bytes += bytes
    this.taken += bytes
  }

  /** It needs no more room than it has: it may have waited for some when its end came. */
  private isRead(share: Share) {
    if (this.ahead === share) this.ahead = undefined
    if (share.account.ahead === share) share.account.ahead = undefined
    this.leave(({ share: of }) => of === share)
  }

  private hasProcessRoom = (bytes: number) => this.most.processBytesMax - this.taken >= bytes

  private hasAccountRoom = ({ account }: Share, bytes: number) =>
    this.most.accountBytesMax - account.bytes >= bytes

  /** Whether there is room for so many bytes more of it, or it is the one that needs none. */
  private mayRead(share: Share, bytes: number) {
    if (this.ahead === share) return true
    const isWithin = this.hasAccountRoom(share, bytes) || share.account.ahead === share
    return isWithin && this.hasProcessRoom(bytes)
  }

  private wait(share: Share): Promise<boolean> {
    const waits = new Promise<boolean>((resolve) => {
      this.waiting.push({ share, sinceMs: this.nowMs(), resolve })
    })
    this.letOn()
    return waits
  }

  /** Lets those go on for whom there is room, and of all others those that go beyond it. */
  private letOn() {
    if (this.waiting.length === 0) return this.stopLooking()
    const { pieceBytesMax } = this.most
    let promised = pieceBytesMax
    const goOn = (waiter: Waiter) => {
      promised += pieceBytesMax
      this.waiting.splice(this.waiting.indexOf(waiter), 1)
      waiter.resolve(true)
    }
    for (const waiter of [...this.waiting]) {
      const { share } = waiter
      const { account } = share
      const isFull = !this.hasAccountRoom(share, pieceBytesMax)
      if (isFull && account.goingOut === 0 && this.hasProcessRoom(promised)) account.ahead ??= share
      if (this.mayRead(share, promised)) goOn(waiter)
    }
    if (!this.ahead && !this.hasProcessRoom(pieceBytesMax)) this.letOneAhead(goOn)
    if (this.waiting.length === 0) this.stopLooking()
    else this.looking ??= setInterval(() => this.look(), this.most.lookEveryMs).unref()
  }

  /** The process is full. Of full accounts only one that has no other room to wait for. */
  private letOneAhead(goOn: (waiter: Waiter) => void) {
    const { pieceBytesMax } = this.most
    const next =
      this.waiting.find(({ share }) => this.hasAccountRoom(share, pieceBytesMax)) ??
      this.waiting.find(({ share: { account } }) => account.goingOut === 0)
    if (!next) return
    this.ahead = next.share
    this.aheadSinceMs = this.nowMs()
    goOn(next)
  }

  /** While some wait: ends those that others have waited for too long, and the waiting that has. */
  look() {
    const now = this.nowMs()
    for (const share of [...this.goingOut]) {
      const isSlow = now - share.sinceMs > this.most.takeMsMax
      // Each is asked when the one before it has gone, which may have made room enough.
      if (isSlow && this.isWaitedFor(share)) share.cut?.()
    }
    // One whose upstream is slow stands in line again.
    if (now - this.aheadSinceMs > this.most.takeMsMax) this.ahead = undefined
    this.leave(({ sinceMs }) => now - sinceMs > this.most.waitMsMax)
    this.letOn()
  }

  /**
   * Whether somebody waits for what it has: those of its own account where that is full, and any
   * whose account has room where the process has none. Its end would not help others.
   */
  private isWaitedFor({ account }: Share) {
    const { pieceBytesMax } = this.most
    const isFull = !this.hasProcessRoom(pieceBytesMax)
    return this.waiting.some(({ share }) =>
      this.hasAccountRoom(share, pieceBytesMax) ? isFull : share.account === account,
    )
  }

  private leave(isGone: (waiter: Waiter) => boolean) {
    if (this.waiting.length === 0) return
    const gone = this.waiting.filter(isGone)
    this.waiting = this.waiting.filter((waiter) => !gone.includes(waiter))
    for (const { resolve } of gone) resolve(false)
  }

  private stopLooking() {
    clearInterval(this.looking)
    this.looking = undefined
  }
}
