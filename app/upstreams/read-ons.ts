type Bounds = { aProcessMax: number; anAccountMax: number; waitingMax: number }

/**
 * Streams that are read on without their clients, for what they cost: how many there are in this
 * process. Past the bounds a stream is ended at once, and its account's next calls wait.
 */
export class ReadOns {
  private total = 0
  private readonly ofAccount = new Map<number, number>()
  private readonly waitingOf = new Map<number, number>()
  private waiting: (() => void)[] = []

  constructor(private readonly bounds: Bounds) {}

  /** Takes a place; what it answers gives it back, once. Undefined where there is none. */
  take(accountId: number): (() => void) | undefined {
    const taken = this.ofAccount.get(accountId) ?? 0
    const { aProcessMax, anAccountMax } = this.bounds
    if (taken >= anAccountMax || this.total >= aProcessMax) return undefined
    this.total += 1
    this.ofAccount.set(accountId, taken + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.giveBack(accountId)
    }
  }

  /** Whether the account may call; one that has left no stream to us always may. */
  mayCall(accountId: number): boolean {
    const taken = this.ofAccount.get(accountId) ?? 0
    const { aProcessMax, anAccountMax } = this.bounds
    return taken === 0 || (taken < anAccountMax && this.total < aProcessMax)
  }

  /**
   * Resolves as soon as the account may call; false where it may not after so long, and at once
   * where as many of its calls wait already as may.
   */
  async whenItMayCall(accountId: number, waitMsMax: number): Promise<boolean> {
    const others = this.waitingOf.get(accountId) ?? 0
    if (others >= this.bounds.waitingMax) return false
    this.waitingOf.set(accountId, others + 1)
    try {
      return await this.wait(accountId, waitMsMax)
    } finally {
      const left = (this.waitingOf.get(accountId) ?? 0) - 1
      if (left > 0) this.waitingOf.set(accountId, left)
      else this.waitingOf.delete(accountId)
    }
  }

  private async wait(accountId: number, waitMsMax: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    let isLate = false
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        isLate = true
        resolve()
      }, waitMsMax)
    })
    while (!isLate && !this.mayCall(accountId)) {
      await Promise.race([late, new Promise<void>((resolve) => this.waiting.push(resolve))])
    }
    clearTimeout(timer)
    return this.mayCall(accountId)
  }

  private giveBack(accountId: number) {
    this.total -= 1
    const left = (this.ofAccount.get(accountId) ?? 0) - 1
    if (left > 0) this.ofAccount.set(accountId, left)
    else this.ofAccount.delete(accountId)
    this.waiting.splice(0).forEach((resolve) => resolve())
  }
}
