type Bounds = {
  /** So many may always be under way. */
  least: number
  /** Of the calls under way, so many percent. */
  percent: number
  waitMsMax: number
}
type Release = () => void
/** What is known of where a retry would go, at the moment at which it is asked. */
export type Outlook = {
  /** It answers, and what has failed is left alone: the call would have gone there in any case. */
  isSure(): boolean
  /** Nothing is known against it. */
  isWell(): boolean
}
type Waiter = { next: Outlook; resolve(release: Release | undefined): void; timer: NodeJS.Timeout }

const unknown: Outlook = { isSure: () => false, isWell: () => false }
const nothing = () => undefined

/**
 * How many retries may be under way whose outcome nobody knows yet: a share of the calls of this
 * process, so that upstreams in trouble are not asked three times by everybody at once. Those for
 * whom there is no place wait for one, first come first, and not for long. Whoever goes from one
 * that is left alone by now to one that answers needs none; and who has waited in vain goes where
 * nothing speaks against it: those with a place would have found out what is dead by then.
 */
export class RetryBudget {
  private taken = 0
  private readonly waiting = new Set<Waiter>()
  private looking: NodeJS.Immediate | undefined

  constructor(
    private readonly bounds: Bounds,
    private readonly callsUnderWay: () => number,
  ) {}

  /**
   * Takes a place, which what it answers gives back, once: as soon as the outcome of the attempt is
   * known. Undefined where there was none for too long.
   */
  take(next: Outlook = unknown): Promise<Release | undefined> {
    if (next.isSure()) return Promise.resolve(nothing)
    if (this.waiting.size === 0 && this.hasPlace()) return Promise.resolve(this.place())
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting.delete(waiter)
        resolve(next.isWell() ? nothing : undefined)
      }, this.bounds.waitMsMax)
      const waiter = { next, resolve, timer }
      this.waiting.add(waiter)
      // There may be more calls than when the one before it began to wait.
      this.letOn()
    })
  }

  /** An upstream has answered: it may be the one that others wait for. */
  noteAnswer() {
    if (this.waiting.size === 0) return
    // Once for all that answer at about the same time.
    this.looking ??= setImmediate(() => {
      this.looking = undefined
      for (const waiter of this.waiting) if (waiter.next.isSure()) this.let(waiter, nothing)
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
      this.let(waiter, this.place())
    }
  }

  private let(waiter: Waiter, release: Release) {
    this.waiting.delete(waiter)
    clearTimeout(waiter.timer)
    waiter.resolve(release)
  }
}
