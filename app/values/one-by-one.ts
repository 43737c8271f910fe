/**
 * Does work on each of many, one after the other. One that fails keeps none of the others from it:
 * its failure, or the first of several, is thrown at the end.
 */
export async function oneByOne<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = []
  for await (const item of items) {
    try {
      await work(item)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length) throw failures[0]
}
