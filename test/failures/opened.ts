type End = () => unknown

/** What a test file has opened so far, to be closed the other way round whatever has failed. */
export class Opened {
  private readonly ends: End[] = []

  /** Remembers how to close something; call it as soon as that is open. */
  closeWith(end: End) {
    this.ends.push(end)
  }

  /** @throws the first failure, after everything has been tried. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const end of this.ends.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
