import type { VerbResult } from './verb-result.ts'
import type { Arguments } from './arguments.ts'
import type { Context } from './context.ts'

export type Verb = {
  /** What it is called and what it takes; the parser is made of this line. */
  usage: string
  does: string
  /** It changes nothing, so that it may run on a schema which it does not know. */
  isReading?: true
  /** Reads the arguments; what it answers runs only when nothing was wrong with them. */
  prepare(args: Arguments, now: Date): (context: Context) => Promise<VerbResult>
}
