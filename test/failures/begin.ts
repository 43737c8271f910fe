import { eventually } from '../../dev/command/eventually.ts'
import { call, type Call, type Heard } from './client.ts'

/** A call under way. */
type Begun = {
  /** Resolves with the first bytes of the answer. */
  begun: Promise<void>
  ended: Promise<Heard>
  bytes(): number
  /** Closes the connection as soon as more comes. */
  leave(): Promise<Heard>
}

/** Begins a stream; with the right sentinel it waits for the test, or has no end. */
export function begin(url: string, given: Call): Begun {
  let bytes = 0
  let isLeaving = false
  const onBytes = (all: number) => {
    bytes = all
    return isLeaving ? ('leave' as const) : undefined
  }
  const ended = call(url, { isStreamed: true, tokensMax: 16_000, ...given, onBytes })
  const begun = eventually('the first bytes of an answer', () => bytes > 0).then(() => undefined)
  // Not every test waits for it; the one that does hears of the failure.
  begun.catch(() => undefined)
  return {
    ended,
    bytes: () => bytes,
    begun,
    leave() {
      isLeaving = true
      return ended
    },
  }
}
