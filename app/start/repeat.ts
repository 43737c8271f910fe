import type { Log } from '../telemetry/log.ts'

export type Work = {
  name: string
  everyMs: number
  work(): Promise<unknown>
  /** What its failure is called in the log. */
  event?: string
}

/** Repeats work at its own pace, never twice at once; a failure is noted and waits for the next turn. */
function repeat(log: Log, { name, everyMs, work, event = 'background_failed' }: Work): () => void {
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    work()
      .catch((error: unknown) => log.failed(event, error, { name }))
      .finally(() => (isBusy = false))
  }, everyMs)
  return () => clearInterval(timer)
}

/** The same for several; the function returned ends them all. */
export function repeatAll(log: Log, works: Work[]): () => void {
  const stops = works.map((work) => repeat(log, work))
  return () => stops.forEach((stop) => stop())
}
