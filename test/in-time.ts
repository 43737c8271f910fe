import assert from 'node:assert/strict'

/** Waits for an event that may never come; fails the test then, in words, after a minute. */
export async function inTime<T>(what: string, event: Promise<T>, msMax = 60_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const fail = () =>
      reject(new assert.AssertionError({ message: `Not within ${msMax / 1_000} s: ${what}` }))
    timer = setTimeout(fail, msMax)
  })
  return Promise.race([event, late]).finally(() => clearTimeout(timer))
}

/** A clock that stands until it is moved. */
export function standingClock() {
  let nowMs = 1_000
  const asleep: { atMs: number; wake: () => void }[] = []
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    nowMs: () => nowMs,
    sleep: (ms: number) =>
      new Promise<void>((wake) => void asleep.push({ atMs: nowMs + ms, wake })),
    async pass(ms: number) {
      await settle()
      nowMs += ms
      for (const { atMs, wake } of asleep.splice(0)) {
        if (atMs <= nowMs) wake()
        else asleep.push({ atMs, wake })
      }
      await settle()
    },
  }
}
