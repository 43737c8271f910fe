/** Work of one account goes on one after another; that of others beside it. */
export class Turns {
  private readonly lines = new Map<number, { last: Promise<unknown>; length: number }>()

  /** No more than `lengthMax` of one account are under way or wait. */
  constructor(private readonly lengthMax: number) {}

  /** Works when all that came before has ended, well or not; undefined where the line is full. */
  take<T>(accountId: number, work: () => Promise<T>): Promise<T> | undefined {
    const line = this.lines.get(accountId) ?? { last: Promise.resolve(), length: 0 }
    if (line.length >= this.lengthMax) return undefined
    const turn = line.last.then(work)
    const ended = () => {
      line.length--
      if (line.length === 0) this.lines.delete(accountId)
    }
    line.length++
    // Whoever takes the turn hears of its failure; whoever is next need not.
    line.last = turn.then(ended, ended)
    this.lines.set(accountId, line)
    return turn
  }
}
