import { setTimeout as sleep } from 'node:timers/promises'

type TurnBounds = {
  /** Of one account, what is under way or waits. */
  lineMax: number
  /** After work in vain, the rest before its next: so many times what that took, and no longer. */
  restTimes: number
  restMsMax: number
}

/** Work of one account goes on one after another; that of others beside it. */
export class Turns {
  private readonly lines = new Map<number, { last: Promise<unknown>; length: number }>()

  constructor(
    private readonly most: TurnBounds,
    private readonly rest = (ms: number): Promise<unknown> => sleep(ms, undefined, { ref: false }),
  ) {}

  /** Works when all that came before has ended, well or not; undefined where the line is full. */
  take<T>(
    accountId: number,
    work: () => Promise<T>,
    isInVain: (result: T) => boolean = () => false,
  ): Promise<T> | undefined {
    const line = this.lines.get(accountId) ?? { last: Promise.resolve(), length: 0 }
    if (line.length >= this.most.lineMax) return undefined
    let startMs = 0
    const turn = line.last.then(() => {
      startMs = performance.now()
      return work()
    })
    const restAfter = async (result: T) => {
      if (!isInVain(result)) return
      const { restTimes, restMsMax } = this.most
      await this.rest(Math.min(restMsMax, (performance.now() - startMs) * restTimes))
    }
    const ended = () => {
      line.length--
      if (line.length === 0) this.lines.delete(accountId)
    }
    line.length++
    // Whoever takes the turn hears of its failure; whoever is next need not.
    line.last = turn.then(restAfter).then(ended, ended)
    this.lines.set(accountId, line)
    return turn
  }
}
