import { Worker } from 'node:worker_threads'
import { limits } from '../../config/limits.ts'
import { Refused } from '../../errors/refusal.ts'
import { Counter, startBetweenTurns, type StartCounting } from './counter.ts'
import { countTokensNow, loadTokenizer, usualEncoding, type Encoding } from './tokens.ts'

const { nowCharsMax, holdsWaitingMax } = limits.tokens

/** Runs the built program of `count-thread.ts` as a thread. */
export const startThread =
  (program: URL): StartCounting =>
  ({ counted, ended }) => {
    const worker = new Worker(program)
    let failure: Error | undefined
    worker.on('message', counted)
    worker.on('error', (error) => (failure = error as Error))
    worker.on('exit', () => ended(failure))
    return {
      post: (batch) => worker.postMessage(batch),
      hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    }
  }

// A thread takes no source as it stands; the build has the program beside this one.
const isBuilt = import.meta.url.endsWith('.mjs')
const start = isBuilt
  ? startThread(new URL('./count-thread.mjs', import.meta.url))
  : startBetweenTurns

// As the tables are: whoever counts has no say in where, and the thread starts when it is needed.
let note: (error: unknown) => void = () => undefined
const counter = new Counter(start, (error) => note(error))

/** Loads the tables, and says where to note that the thread that counts long texts has ended. */
export function prepareCounting(failed: (error: unknown) => void) {
  loadTokenizer()
  note = failed
}

/**
 * Tokens of all texts together, each counted by itself. Never keeps others waiting: what is short
 * is counted at once, everything else in a thread, where counts take turns; so is what needs other
 * tables than the usual ones, which are not loaded here. One for a `hold` is refused as `overloaded`
 * where too many wait; one for a `bill` never is.
 */
export async function countTokensOf(
  texts: readonly string[],
  why: 'hold' | 'bill' = 'bill',
  encoding: Encoding = usualEncoding,
): Promise<number> {
  const chars = texts.reduce((sum, text) => sum + text.length, 0)
  if (chars === 0) return 0
  const isNow = chars <= nowCharsMax && encoding === usualEncoding
  if (isNow) return texts.reduce((sum, text) => sum + countTokensNow(text), 0)
  if (why === 'hold' && counter.underWay >= holdsWaitingMax) throw new Refused('overloaded')
  return counter.count(texts, encoding)
}
