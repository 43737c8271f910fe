type Bounds = {
  /** So many may always be under way. */
  least: number
  /** Of the calls under way, so many percent. */
  percent: number
  waitMsMax: number
}
type Release = () => void
type Waiter = { resolve(release: Release | undefined): void; timer: NodeJS.Timeout }

/**
 * How many retries may be under way whose outcome nobody knows yet: a share of the calls of this
 * process, so that upstreams in trouble are not asked three times by everybody at once. Those for
 * whom there is no place wait for one, first come first, and not for long.
 */
export class RetryBudget {
  private taken = 0
  private readonly waiting = new Set<Waiter>()

  constructor(
    private readonly bounds: Bounds,
    private readonly callsUnderWay: () => number,
  ) {}

  /**
   * Takes a place, which what it answers gives back, once: as soon as the outcome of the attempt is
   * known. Undefined where there was none for too long.
   */
  take(): Promise<Release | undefined> {
    if (this.waiting.size === 0 && this.hasPlace()) return Promise.resolve(this.place())
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting.delete(waiter)
        resolve(undefined)
      }, this.bounds.waitMsMax)
      const waiter = { resolve, timer }
      this.waiting.add(waiter)
      // There may be more calls than when the one before it began to wait.
      this.letOn()
    })
  }

  private hasPlace() {
    const { least, percent } = this.bounds
    return this.taken < Math.max(least, Math.floor((this.callsUnderWay() * percent) / 100))
  }

  private place(): Release {
    this.taken++
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.taken--
      this.letOn()
    }
  }

  private letOn() {
    for (const waiter of this.waiting) {
      if (!this.hasPlace()) return
      this.waiting.delete(waiter)
      clearTimeout(waiter.timer)
      waiter.resolve(this.place())
    }
  }
}
