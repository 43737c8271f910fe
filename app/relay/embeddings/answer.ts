import { limits } from '../../config/limits.ts'
import type { Reported, Said } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { readUsage } from '../openai/reported-usage.ts'
import { scanObject } from '../text/json-members.ts'

const utf8 = new TextDecoder()
const [listStart, listEnd, quote] = [0x5b, 0x5d, 0x22]
/** A vector takes more. */
const shortest = 256
const anything = { depthMax: limits.http.json.depthMax, valuesMax: Infinity, itemsMax: Infinity }

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

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // Half an answer, or none.
    return undefined
  }
}

/** What stands at the top of an answer; of a long one no vectors are made. */
function topOf(bytes: Buffer): Record<string, unknown> | undefined {
  const short = bytes.length > limits.answers.pieceBytesMax ? withoutNumbers(bytes) : bytes
  if (short.length <= limits.answers.parsedBytesMax) {
    const answer = parsed(short)
    return isObject(answer) ? answer : undefined
  }
  const { members, closeAt } = scanObject(short, anything)
  if (closeAt < 0) return undefined
  const valueOf = (name: string) => {
    const member = members.get(name)
    return member && parsed(short.subarray(member.valueFrom, member.to))
  }
  const data = members.get('data')
  const isList = data && short.toString('latin1', data.valueFrom, data.to).trimStart()[0] === '['
  return {
    error: valueOf('error'),
    usage: valueOf('usage'),
    model: valueOf('model'),
    data: isList ? [] : undefined,
  }
}

/** Voyage and Jina say the sum alone. What came to nothing was not counted there. */
function reportedIn(usage: unknown): Reported | undefined {
  if (!isObject(usage)) return readUsage(usage)
  const { prompt_tokens: prompt, total_tokens: total } = usage
  const reported = readUsage({ prompt_tokens: prompt ?? total, completion_tokens: 0 })
  const isNothing = reported && 'usage' in reported && reported.usage.inputTokens === 0
  return isNothing ? undefined : reported
}

/** What an answer with vectors says of its cost; undefined for any other. */
export function readEmbeddings(bytes: Buffer): Said | undefined {
  const answer = topOf(bytes)
  if (!answer || answer.error || !Array.isArray(answer.data)) return undefined
  return {
    reported: reportedIn(answer.usage),
    serviceTier: null,
    model: typeof answer.model === 'string' ? answer.model : null,
    isInputDue: true,
    delivered: () => [],
  }
}
