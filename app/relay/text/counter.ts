import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { limits } from '../../config/limits.ts'
import { countSlice, slicesOf, usualEncoding, type Encoding } from './tokens.ts'

/** Slices of texts, of which all are counted by the same tables. */
export type Batch = { slices: string[]; encoding: Encoding }

/** A thread that takes slices of texts and answers how many tokens they have, one batch at a time. */
type CountingThread = {
  post(batch: Batch): void
  /** Whether a process that has nothing else to do waits for it. */
  hold(isHeld: boolean): void
}
/** Starts one; it calls back with each answer, and once when it ends by itself. */
export type StartCounting = (on: {
  counted(tokens: number): void
  /** A batch cannot be counted; whoever waits for it is told. */
  failed(error: unknown): void
  ended(error: Error | undefined): void
}) => CountingThread

type Count = {
  slices: Iterator<string>
  /** What the thread has of it, or will be given next. */
  batch: Batch
  tokens: number
  resolve(tokens: number): void
  reject(error: unknown): void
}

/** Counts in the thread that it is called in, and lets others have their turn after each slice. */
async function countBetweenTurns({ slices, encoding }: Batch): Promise<number> {
  let tokens = 0
  for (const slice of slices) {
    tokens += countSlice(slice, encoding)
    await yieldToOthers()
  }
  return tokens
}

/** Where there is no thread to be had, such as in a run from the source. */
export const startBetweenTurns: StartCounting = ({ counted, failed }) => ({
  post: (batch) => void countBetweenTurns(batch).then(counted, failed),
  hold: () => undefined,
})

/**
 * Counts tokens in a thread, batch by batch, all that wait in turn: a short text is counted soon,
 * however long the others are. The thread starts with the first count. If it ends, the batch that
 * it had is counted here, and the next one starts another thread.
 */
export class Counter {
  private readonly waiting: Count[] = []
  private current: Count | undefined
  private thread: CountingThread | undefined

  constructor(
    private readonly start: StartCounting,
    private readonly noteEnd: (error: Error) => void,
  ) {}

  /** How many counts have begun and not ended. */
  get underWay() {
    return this.waiting.length + (this.current ? 1 : 0)
  }

  count(texts: Iterable<string>, encoding: Encoding = usualEncoding): Promise<number> {
    return new Promise((resolve, reject) => {
      const batch = { slices: [], encoding }
      this.wait({ slices: slicesOf(texts), batch, tokens: 0, resolve, reject })
      this.next()
    })
  }

  /** One that has nothing more to give is over. */
  private wait(count: Count) {
    count.batch = { ...count.batch, slices: nextOf(count.slices) }
    if (count.batch.slices.length > 0) this.waiting.push(count)
    else count.resolve(count.tokens)
  }

  private next() {
    if (this.current) return
    const count = (this.current = this.waiting.shift())
    if (!count) return this.thread?.hold(false)
    try {
      this.thread ??= this.start({
        counted: (tokens) => this.take(tokens),
        failed: (error) => this.fail(error),
        ended: (error) => this.end(error),
      })
      this.thread.hold(true)
      this.thread.post(count.batch)
    } catch (error) {
      // A process may be out of threads or memory for a moment; whoever waits is counted here.
      this.end(error as Error)
    }
  }

  private take(tokens: number) {
    const count = this.current
    this.current = undefined
    if (count) {
      count.tokens += tokens
      this.wait(count)
    }
    this.next()
  }

  private fail(error: unknown) {
    this.current?.reject(error)
    this.current = undefined
    this.next()
  }

  private end(error: Error | undefined) {
    this.noteEnd(error ?? new Error('the counting thread has ended'))
    this.thread = undefined
    if (!this.current) return
    countBetweenTurns(this.current.batch).then(
      (tokens) => this.take(tokens),
      (failure: unknown) => this.fail(failure),
    )
  }
}

/** The next slices of a text, as many as are worth a message. */
function nextOf(slices: Iterator<string>): string[] {
  const batch: string[] = []
  for (let chars = 0; chars < limits.tokens.batchChars;) {
    const next = slices.next()
    if (next.done) break
    batch.push(next.value)
    chars += next.value.length
  }
  return batch
}
