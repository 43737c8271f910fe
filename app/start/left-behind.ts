/** How many requests without a reader may be under way, all together and of one name. */
export type LeftBounds = { leftMax: number; leftOfOneMax: number }

type Waiting = { name: string; goOn(): void }

/**
 * Requests that nobody waits for any more, and that are being answered all the same: whoever
 * leaves at once and asks anew would have far more work done than whoever waits. While there are
 * too many of them, those that come next wait, and whoever leaves then has asked for nothing.
 */
export class LeftBehind {
  private readonly ofName = new Map<string, number>()
  private total = 0
  private readonly waiting = new Set<Waiting>()

  constructor(private readonly most: LeftBounds) {}

  /** Waits until there is room for what may be left next. Answers false when it is left already. */
  async room(name: string, left: AbortSignal): Promise<boolean> {
    if (!left.aborted && (!this.hasRoom(name) || this.isAwaited(name))) {
      await new Promise<void>((resolve) => {
        const waiting = { name, goOn: resolve }
        this.waiting.add(waiting)
        left.addEventListener('abort', () => {
          this.waiting.delete(waiting)
          resolve()
        })
      })
    }
    return !left.aborted
  }

  /** Notes one that is left, and answers how to say, once, that it is over. */
  add(name: string): () => void {
    this.total++
    this.ofName.set(name, (this.ofName.get(name) ?? 0) + 1)
    return () => {
      this.total--
      const others = (this.ofName.get(name) ?? 1) - 1
      if (others === 0) this.ofName.delete(name)
      else this.ofName.set(name, others)
      this.letNextGoOn()
    }
  }

  /** Whoever came before goes first. */
  private isAwaited(name: string) {
    for (const waiting of this.waiting) if (waiting.name === name) return true
    return false
  }

  private hasRoom(name: string) {
    const { leftMax, leftOfOneMax } = this.most
    return this.total < leftMax && (this.ofName.get(name) ?? 0) < leftOfOneMax
  }

  /** One for the one that is over, so that they are no flood; of whoever has left none, all. */
  private letNextGoOn() {
    let isFirst = true
    for (const waiting of this.waiting) {
      if (!this.hasRoom(waiting.name)) continue
      if (!isFirst && this.ofName.has(waiting.name)) continue
      isFirst = false
      this.waiting.delete(waiting)
      waiting.goOn()
    }
  }
}
