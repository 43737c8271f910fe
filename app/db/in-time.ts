/** The server, or the way to it, has not answered: to whoever waits that is as good as lost. */
class NoAnswer extends Error {
  readonly code = 'ETIMEDOUT'
}

/** Rejects with `NoAnswer` when the work takes longer; the work itself goes on. */
export async function inTime<T>(msMax: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer for ${msMax} ms`)), msMax)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
