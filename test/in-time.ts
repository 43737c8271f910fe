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
