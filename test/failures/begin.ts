import { until } from '../raw-client.ts'
import { call, type Call, type Heard } from './client.ts'

/** A call under way. */
export type Begun = {
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
  return {
    ended,
    bytes: () => bytes,
    begun: until(() => bytes > 0),
    leave() {
      isLeaving = true
      return ended
    },
  }
}
