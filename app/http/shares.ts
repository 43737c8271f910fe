import { ownClock, type Clock } from './clock.ts'

type ShareBounds = {
  /** Of the time, what one name may be at work. */
  part: number
  /** What it may take at once, when it has taken nothing for a while. */
  burstMs: number
  /** A turn counts as no more than this, whatever kept it. */
  turnMsMax: number
  /** Of one name, who is at work and who waits. */
  lineMax: number
  /** Of all names, who is at work. */
  atOnceMax: number
}
type Line = { last: Promise<void>; length: number; leftMs: number; atMs: number }
type Leave = () => void

/**
 * Work that keeps the thread and the database busy: of each name one at a time, with rests between
 * them once it has had its burst, so that nobody gets more than a part of the time by asking more.
 */
export class Shares {
  private readonly lines = new Map<number, Line>()
  private free: number
  private readonly waiting: (() => void)[] = []

  constructor(
    private readonly most: ShareBounds,
    private readonly clock: Clock = ownClock,
  ) {
    this.free = most.atOnceMax
  }

  /** Waits for a turn and answers how to end it, once; undefined where too many wait before it. */
  take(name: number): Promise<Leave> | undefined {
    const line = this.lines.get(name) ?? this.open(name)
    if (line.length >= this.most.lineMax) return undefined
    line.length++
    const before = line.last
    let next: Leave = () => undefined
    line.last = new Promise((resolve) => (next = resolve))
    return before.then(() => this.begin(name, line, next))
  }

  private open(name: number): Line {
    const { burstMs } = this.most
    const line = {
      last: Promise.resolve(),
      length: 0,
      leftMs: burstMs,
      atMs: this.clock.nowMs(),
    }
    this.lines.set(name, line)
    return line
  }

  private refill(line: Line) {
    const nowMs = this.clock.nowMs()
    const { part, burstMs } = this.most
    line.leftMs = Math.min(burstMs, line.leftMs + (nowMs - line.atMs) * part)
    line.atMs = nowMs
  }

  private async begin(name: number, line: Line, next: Leave): Promise<Leave> {
    this.refill(line)
    if (line.leftMs < 0) await this.clock.sleep(-line.leftMs / this.most.part)
    if (this.free > 0) this.free--
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
    const startMs = this.clock.nowMs()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      const waiter = this.waiting.shift()
      if (waiter) waiter()
      else this.free++
      this.refill(line)
      line.leftMs -= Math.min(this.most.turnMsMax, this.clock.nowMs() - startMs)
      line.length--
      next()
      if (line.length === 0) void this.forget(name, line)
    }
  }

  /** Whoever has rested is nobody known; one line in debt is kept, or asking anew would pay it. */
  private async forget(name: number, line: Line) {
    const { burstMs, part } = this.most
    // A timer may be a little early.
    await this.clock.sleep(Math.ceil((burstMs - line.leftMs) / part) + 10)
    this.refill(line)
    if (line.length === 0 && line.leftMs >= burstMs) this.lines.delete(name)
  }
}
