import { limits } from '../../config/limits.ts'

type Bounds = {
  inARow: number
  windowMs: number
  windowLeast: number
  windowPercent: number
  openMs: number
  openMsMax: number
  limitMsMax: number
}

/** Times are of the caller's clock, which must not run backwards. */
type Ms = number

/**
 * What `begin` hands out and the outcome brings back: which time of being open or closed it began
 * in, and whether it was the one that tries. A number, because every call has one.
 */
export type Ticket = number

type BreakerState = 'closed' | 'open' | 'trying' | 'limited'

const bucketCount = 6

/**
 * Whether something that fails is left alone for a while. It opens after so many failures in a row,
 * or where they are too large a share of what came of late; then one attempt at a time tries it, at
 * first after `openMs` and after each such failure twice as long; one that is well closes it. What
 * began before it last opened or closed says nothing of it any more.
 */
export class Breaker {
  private epoch = 0
  private isOpen = false
  private openUntil: Ms = 0
  private openMs: Ms = 0
  private limitedUntil: Ms = -Infinity
  private isTried = false
  private row = 0
  private wellAt: Ms = -Infinity
  private leftAloneFrom: Ms = -Infinity
  /** Outcomes of late, in buckets, the latest of which is `bucket`. */
  private readonly all = new Array<number>(bucketCount).fill(0)
  private readonly bad = new Array<number>(bucketCount).fill(0)
  private bucket = 0

  constructor(private readonly bounds: Bounds = limits.breaker) {}

  /** Whether an attempt may begin. */
  lets(now: Ms): boolean {
    if (now < this.limitedUntil) return false
    return !this.isOpen || (now >= this.openUntil && !this.isTried)
  }

  /** Begins an attempt. It is one of last resort where `lets` says no. */
  begin(now: Ms): Ticket {
    const isTry = this.isOpen && this.lets(now)
    if (isTry) this.isTried = true
    return this.epoch * 2 + Number(isTry)
  }

  /** An attempt has come to a good end. True where that has closed it. */
  succeeded(ticket: Ticket, now: Ms): boolean {
    this.wellAt = now
    if (this.isLate(ticket)) return false
    this.row = 0
    if (!this.isOpen) {
      this.note(now, 0)
      return false
    }
    this.close()
    return true
  }

  /**
   * It has failed; `isForGood`: of what the next would fail of too, such as a key that is no more.
   * True where that has opened it.
   */
  failed(ticket: Ticket, now: Ms, isForGood = false): boolean {
    if (this.isLate(ticket)) return false
    if (this.isOpen) {
      if (isTry(ticket)) this.openAgain(now)
      return false
    }
    this.row++
    this.note(now, 1)
    const isTooMany = this.row >= this.bounds.inARow || this.isShareTooLarge()
    if (isTooMany || isForGood) this.open(now)
    return isTooMany || isForGood
  }

  /** It asks to be left alone for so long; how it fares is not known by that. */
  limited(ticket: Ticket, now: Ms, forMs: Ms) {
    this.leaveAlone(now, forMs)
    this.neutral(ticket)
  }

  /** Nothing begins for so long, however it fares. */
  leaveAlone(now: Ms, forMs: Ms) {
    const until = now + Math.min(forMs, this.bounds.limitMsMax)
    if (this.lets(now)) this.leftAloneFrom = now
    this.limitedUntil = Math.max(this.limitedUntil, until)
  }

  /** Nothing can be learned from it: another may try. */
  neutral(ticket: Ticket) {
    if (!this.isLate(ticket) && isTry(ticket)) this.isTried = false
  }

  /** Is as if it had never failed. */
  close() {
    this.epoch++
    this.isOpen = false
    this.isTried = false
    this.limitedUntil = -Infinity
    this.row = 0
    this.all.fill(0)
    this.bad.fill(0)
  }

  state(now: Ms): BreakerState {
    if (this.isOpen) return this.isTried ? 'trying' : 'open'
    return now < this.limitedUntil ? 'limited' : 'closed'
  }

  get isClosed() {
    return !this.isOpen
  }

  /** Whether something has been well since then, and nothing has failed behind it. */
  isWellSince(at: Ms): boolean {
    return this.isClosed && this.row === 0 && this.wellAt >= at
  }

  /** Since when it is left alone; undefined where it is not. */
  leftAloneSince(now: Ms): Ms | undefined {
    return this.lets(now) ? undefined : this.leftAloneFrom
  }

  /** When an attempt may begin at the earliest, as far as that is known. */
  get letsFrom(): Ms {
    return Math.max(this.limitedUntil, this.isOpen ? this.openUntil : -Infinity)
  }

  private isLate = (ticket: Ticket) => ticket >> 1 !== this.epoch

  private open(now: Ms) {
    this.epoch++
    this.isOpen = true
    this.isTried = false
    this.leftAloneFrom = now
    this.openMs = this.bounds.openMs
    this.openUntil = now + this.openMs
  }

  private openAgain(now: Ms) {
    this.isTried = false
    this.openMs = Math.min(this.openMs * 2, this.bounds.openMsMax)
    this.openUntil = now + this.openMs
  }

  private note(now: Ms, failures: 0 | 1) {
    const at = Math.floor((now * bucketCount) / this.bounds.windowMs)
    const gone = Math.min(at - this.bucket, bucketCount)
    for (let i = 1; i <= gone; i++) {
      const old = (this.bucket + i) % bucketCount
      this.all[old] = 0
      this.bad[old] = 0
    }
    // A window that has passed whole left zeros everywhere, wherever it stood.
    if (gone > 0) this.bucket = at
    const i = this.bucket % bucketCount
    this.all[i] = (this.all[i] ?? 0) + 1
    this.bad[i] = (this.bad[i] ?? 0) + failures
  }

  private isShareTooLarge() {
    const all = sumOf(this.all)
    const { windowLeast, windowPercent } = this.bounds
    return all >= windowLeast && sumOf(this.bad) * 100 >= all * windowPercent
  }
}

const isTry = (ticket: Ticket) => (ticket & 1) === 1
const sumOf = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0)
