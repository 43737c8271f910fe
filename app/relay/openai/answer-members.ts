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

/** The value of an answer, or of a part of one; undefined where it is no JSON. */
export function valueIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // Half an answer, or none.
    return undefined
  }
}

const anything = { depthMax: limits.http.json.depthMax, valuesMax: Infinity, itemsMax: Infinity }

/** Where members stand in an object; undefined where it is none from its first byte to its last. */
export function scanAnswer(bytes: Buffer): Scan | undefined {
  const scan = scanObject(bytes, anything)
  const { closeAt, tooDeep } = scan
  if (closeAt < 0 || tooDeep) return undefined
  const after = bytes.subarray(closeAt + 1, closeAt + 1 + limits.stream.bufferBytesMax)
  const before = bytes.subarray(0, 16).toString('latin1')
  const isWhole = /^(?:\xef\xbb\xbf)?\s*\{/.test(before) && after.toString('latin1').trim() === ''
  return isWhole ? scan : undefined
}

const figures = /"usage"\s*:\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})/

/** The usage in the text of an answer that broke off. */
export const usageWithin = (text: string): unknown =>
  valueIn(Buffer.from(figures.exec(text)?.[1] ?? ''))

/**
 * The top of an answer; undefined where it is no object. Of a long one only what is asked for is
 * made into values, which take many times its bytes.
 */
export function topOf(bytes: Buffer): Top | undefined {
  if (bytes.length <= limits.answers.parsedBytesMax) {
    const answer = valueIn(bytes)
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined
    const of = (name: string) => (answer as Record<string, unknown>)[name]
    const isList = (name: string) => Array.isArray(of(name))
    const holds = (name: string, letters: string) =>
      JSON.stringify(of(name) ?? '').includes(letters)
    return Object.assign(of, { isList, holds })
  }
  const scan = scanAnswer(bytes)
  if (!scan) return undefined
  const bytesOf = (name: string) => {
    const member = scan.members.get(name)
    return bytes.subarray(member?.valueFrom ?? 0, member?.to ?? 0)
  }
  const of = (name: string) => valueIn(bytesOf(name))
  const isList = (name: string) => /^\s*\[/.test(bytesOf(name).toString('latin1', 0, 64))
  const holds = (name: string, letters: string) => bytesOf(name).includes(letters)
  return Object.assign(of, { isList, holds })
}
