import { ownClock, type Clock } from './clock.ts'

type PaceBounds = {
  /** Nobody waits for less, nor for more. */
  leastMs: number
  mostMs: number
  /** Between two of the same name. */
  everyMs: number
}

/**
 * Tells refusals, each name's one after another: a program that comes back as soon as it is sent
 * away comes back at this pace, however many connections it has, and those that came together do
 * not come back together.
 */
export class Pace {
  /** When the last one of each name is told; the one noted longest ago is first. */
  private readonly toldMs = new Map<string | number, number>()

  constructor(
    private readonly most: PaceBounds,
    private readonly clock: Clock = ownClock,
  ) {}

  /** Resolves when it is time to tell whoever is refused now. */
  wait(name: string | number): Promise<void> {
    const { leastMs, mostMs, everyMs } = this.most
    const nowMs = this.clock.nowMs()
    for (const [other, atMs] of this.toldMs) {
      if (atMs + everyMs > nowMs + leastMs) break
      this.toldMs.delete(other)
    }
    const nextMs = (this.toldMs.get(name) ?? 0) + everyMs
    const atMs = Math.min(Math.max(nextMs, nowMs + leastMs), nowMs + mostMs)
    this.toldMs.delete(name)
    this.toldMs.set(name, atMs)
    return this.clock.sleep(atMs - nowMs)
  }
}
