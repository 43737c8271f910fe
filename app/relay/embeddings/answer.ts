import { limits } from '../../config/limits.ts'
import type { Reported, Said } from '../endpoint.ts'
import { topOf } from '../openai/answer-members.ts'
import { isObject } from '../openai/json-request.ts'
import { readUsage } from '../openai/reported-usage.ts'

const [listStart, listEnd, quote] = [0x5b, 0x5d, 0x22]
/** A vector takes more. */
const shortest = 256

/** An answer without the numbers of its vectors, which are most of it and say nothing of its cost. */
function withoutNumbers(bytes: Buffer): Buffer {
  const pieces: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(listStart); at >= 0; at = bytes.indexOf(listStart, at + 1)) {
    const end = bytes.indexOf(listEnd, at)
    if (end < 0) break
    // A list of anything else has names or texts in it; what is short may be part of a name.
    if (end - at < shortest || bytes.subarray(at, end).includes(quote)) continue
    pieces.push(bytes.subarray(from, at + 1))
    from = end
    at = end
  }
  return Buffer.concat([...pieces, bytes.subarray(from)])
}

/** Voyage and Jina say the sum alone. What came to nothing was not counted there. */
function reportedIn(usage: unknown): Reported | undefined {
  if (!isObject(usage)) return readUsage(usage)
  const { prompt_tokens: prompt, total_tokens: total } = usage
  const reported = readUsage({ prompt_tokens: prompt ?? total, completion_tokens: 0 })
  const isNothing = reported && 'usage' in reported && reported.usage.inputTokens === 0
  return isNothing ? undefined : reported
}

/** What an answer with vectors says of its cost, of which none are made; undefined for any other. */
export function readEmbeddings(bytes: Buffer): Said | undefined {
  const top = topOf(bytes.length > limits.answers.pieceBytesMax ? withoutNumbers(bytes) : bytes)
  if (!top || top('error') || !top.isList('data')) return undefined
  const model = top('model')
  return {
    reported: reportedIn(top('usage')),
    serviceTier: null,
    model: typeof model === 'string' ? model : null,
    isInputDue: true,
    delivered: () => [],
  }
}
