import { limits } from '../../config/limits.ts'
import { scanObject, type Scan } from '../text/json-members.ts'

/** Members at the top of an answer, read as they are asked for. */
type Top = ((name: string) => unknown) & {
  isList(name: string): boolean
  /** Whether these letters stand anywhere in it. */
  holds(name: string, letters: string): boolean
}

// It passes over a byte order mark, as the clients' own readers do.
const utf8 = new TextDecoder()

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // Half an answer, or none.
    return undefined
  }
}

const anything = { depthMax: limits.http.json.depthMax, valuesMax: Infinity, itemsMax: Infinity }

/** Whether the text is an object from its first byte to its last, but for blanks. */
function isObjectWhole(bytes: Buffer, { closeAt, tooDeep }: Scan): boolean {
  if (closeAt < 0 || tooDeep) return false
  const after = bytes.subarray(closeAt + 1, closeAt + 1 + limits.stream.bufferBytesMax)
  const before = bytes.subarray(0, 16).toString('latin1')
  return /^(?:\xef\xbb\xbf)?\s*\{/.test(before) && after.toString('latin1').trim() === ''
}

/**
 * The top of an answer; undefined where it is no object. Of a long one only what is asked for is
 * made into values, which take many times its bytes.
 */
export function topOf(bytes: Buffer): Top | undefined {
  if (bytes.length <= limits.answers.parsedBytesMax) {
    const answer = parsed(bytes)
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined
    const of = (name: string) => (answer as Record<string, unknown>)[name]
    const isList = (name: string) => Array.isArray(of(name))
    const holds = (name: string, letters: string) =>
      JSON.stringify(of(name) ?? '').includes(letters)
    return Object.assign(of, { isList, holds })
  }
  const scan = scanObject(bytes, anything)
  if (!isObjectWhole(bytes, scan)) return undefined
  const bytesOf = (name: string) => {
    const member = scan.members.get(name)
    return bytes.subarray(member?.valueFrom ?? 0, member?.to ?? 0)
  }
  const of = (name: string) => parsed(bytesOf(name))
  const isList = (name: string) => /^\s*\[/.test(bytesOf(name).toString('latin1', 0, 64))
  const holds = (name: string, letters: string) => bytesOf(name).includes(letters)
  return Object.assign(of, { isList, holds })
}
