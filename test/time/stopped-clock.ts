import { clockMs } from '../../app/values/clock.ts'

type Reading = { databaseMs: number; heardMs: number }

/** Where `app/values/clock.ts` keeps what the database said, in whatever bundle it is. */
const place: unique symbol = Symbol.for('the clock of the relay')
const kept = () => (globalThis as unknown as { [place]: { reading?: Reading } })[place]

/** Stops the clock by which everything is dated, whatever the database says; `goOn` ends it. */
export function stopClockAt(ms: number): void {
  const get = (): Reading => ({ databaseMs: ms, heardMs: performance.now() })
  Object.defineProperty(kept(), 'reading', { get, set: () => {}, configurable: true })
}

/** From here on it goes by the machine's own, until the database's is read again. */
export function letClockGoOn(): void {
  Object.defineProperty(kept(), 'reading', { value: undefined, writable: true, configurable: true })
}

/** Does something as if it were so much later. */
export async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  stopClockAt(clockMs() + ms)
  return work().finally(letClockGoOn)
}
