/**
 * A failure whose message is all the reader needs: what is wrong and what to do about it.
 * The commands print it without a stack and end with exit code 1.
 */
export class CannotContinue extends Error {
  override name = 'CannotContinue'
}

export type Announce = (line: string) => void

/** Runs one step of a command and says in one line what it gave and how long it took. */
export async function step<Result>(
  say: Announce,
  title: string,
  work: () => Promise<Result>,
  outcome: (result: Result) => string = () => 'ready',
): Promise<Result> {
  const startedAt = performance.now()
  const result = await work()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  say(`  ${title.padEnd(20)} ${outcome(result).padEnd(28)} ${seconds} s`)
  return result
}

/** The words that a command was given are none that it knows: Node says which. */
const isOfWords = (error: unknown): error is Error =>
  String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS')

/** Runs the body of a command: its number becomes the exit code, and a failure is shown. */
export async function runCommand(body: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body()
  } catch (error) {
    const isTheirs = error instanceof CannotContinue || isOfWords(error)
    console.error(isTheirs ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
