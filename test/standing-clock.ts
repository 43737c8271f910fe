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
