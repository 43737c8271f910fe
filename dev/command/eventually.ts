import { setTimeout as delay } from 'node:timers/promises'

import { CannotContinue } from './announce.ts'

/**
 * Looks again and again until there is something to see, and answers that.
 * @throws CannotContinue, which says what was waited for, when `msMax` have passed: patient unless
 * told otherwise, so that a busy machine fails nothing.
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { msMax = 60_000, everyMs = 5 } = {},
): Promise<T> {
  const deadline = performance.now() + msMax
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (performance.now() >= deadline) {
      throw new CannotContinue(`Not within ${msMax / 1_000} s: ${what}`)
    }
    await delay(everyMs)
  }
}
