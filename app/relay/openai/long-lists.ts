import { limits } from '../../config/limits.ts'
import { scanObject, type Scan } from '../text/json-members.ts'

const { json } = limits.http

/** Blanks, digits, signs, points and exponents of numbers; commas and the brackets of lists. */
const isOfNumbers = new Uint8Array(256)
for (const char of ' \t\r\n0123456789+-.eE,[]') isOfNumbers[char.charCodeAt(0)] = 1

/**
 * Scans an object of which one member may be a list of very many numbers, or of lists of them, as
 * tokens are given: these take a tenth of the memory of other values. All else is bounded as ever.
 */
export function scanWithNumbers(raw: Buffer, name: string): Scan {
  const scan = scanObject(raw, json)
  if (!scan.tooMany) return scan
  const most = json.numbersMax
  const wide = scanObject(raw, { ...json, valuesMax: most, itemsMax: most })
  const member = wide.members.get(name)
  if (!member) return scan
  const { valueFrom, to } = member
  for (let at = valueFrom; at < to; at++) if (!isOfNumbers[raw[at] ?? 0]) return scan
  // What is left when the list is taken out.
  const rest = Buffer.concat([raw.subarray(0, valueFrom), Buffer.from('0'), raw.subarray(to)])
  return scanObject(rest, json).tooMany ? scan : wide
}
