import { setImmediate as yieldToOthers } from 'node:timers/promises'

/** Work that says where others may have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Works without a rest. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Works, and lets everybody else have their turn after each step. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await yieldToOthers()
  }
}
