import { limits } from '../../config/limits.ts'
import { isMedia, type Span } from './long-strings.ts'

/** Where a top-level member of a JSON object stands in its bytes. */
type Member = { from: number; to: number; valueFrom: number }
export type Scan = {
  members: Map<string, Member>
  duplicate: string | null
  tooDeep: boolean
  /** What there is more of than anybody needs: values at all, or items in the lists of a member. */
  tooMany: { member: string | null; most: number } | null
  closeAt: number
  /** Containers and commas: as many as what JSON.parse makes has, unless it has dropped something. */
  values: number
  /** Bytes that are not in strings of media: of data URLs, and long ones of base64 alone. */
  textBytes: number
  /** Strings so long that they are read by themselves. */
  long: Span[]
}
/** What an object may hold before anything is made of it. */
type ScanBounds = { depthMax: number; valuesMax: number; itemsMax: number }

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c

/** A string that goes on for longer is searched for its end at once, which costs a call. */
const shortString = 64

/** The position behind the string that starts at `from`. */
export function skipString(json: Uint8Array, from: number): number {
  let at = from + 1
  for (let searchAt = at + shortString; at < json.length;) {
    const code = json[at]
    if (code === quote) return at + 1
    if (code === backslash) {
      at += 2
      searchAt = at + shortString
    } else if (++at >= searchAt) {
      const end = json.indexOf(quote, at)
      if (end === -1) return json.length
      let slashes = 0
      while (end - 1 - slashes >= at && json[end - 1 - slashes] === backslash) slashes++
      at = end + 1
      if (slashes % 2 === 0) return at
      searchAt = at + shortString
    }
  }
  return json.length
}

/**
 * Finds the top-level members of a JSON object without reading their values, so that a request can
 * be changed by splicing and reaches the upstream otherwise as the client wrote it. It also sees
 * what JSON.parse hides: a member given twice, which the upstream might read differently from us,
 * nesting, and how many values will be made (a list of `{}` takes twenty times its bytes). Lists
 * are counted where messages and their parts are: right below a member, and in what it lists. Takes
 * UTF-8, in which no byte of a longer character looks like one of JSON's own. Text that is not JSON
 * gives some answer; JSON.parse says no to it afterwards.
 */
export function scanObject(json: Buffer, { depthMax, valuesMax, itemsMax }: ScanBounds): Scan {
  const scan: Scan = {
    members: new Map(),
    duplicate: null,
    tooDeep: false,
    tooMany: null,
    closeAt: -1,
    values: 0,
    textBytes: json.length,
    long: [],
  }
  let depth = 0
  let key: { name: string; from: number } | undefined
  let valueFrom = -1
  // Of the member under way, at the two depths where its lists are counted.
  let items = 0
  let parts = 0
  let isList2 = false
  let isList4 = false
  const close = (to: number) => {
    if (key && valueFrom >= 0) {
      if (scan.members.has(key.name)) scan.duplicate = key.name
      scan.members.set(key.name, { from: key.from, valueFrom, to })
    }
    key = undefined
    valueFrom = -1
    items = 0
    parts = 0
  }
  /** What begins here is one more value; an empty list counts as if it had one. */
  const isOneTooMany = () => {
    if (depth === 2 && isList2) items++
    else if (depth === 4 && isList4) parts++
    if (items > itemsMax || parts > itemsMax)
      scan.tooMany = { member: key?.name ?? null, most: itemsMax }
    else if (++scan.values > valuesMax) scan.tooMany = { member: null, most: valuesMax }
    return scan.tooMany !== null
  }
  for (let at = 0; at < json.length;) {
    const code = json[at]
    if (code === quote) {
      const end = skipString(json, at)
      if (depth === 1 && !key) key = { name: readKey(json.toString('utf8', at, end)), from: at }
      if (end - at > limits.http.json.longBytesLeast) {
        scan.long.push({ from: at, to: end })
        if (isMedia(json, at + 1)) scan.textBytes -= end - at - 2
      }
      at = end
      continue
    }
    if (code === 0x7b || code === 0x5b) {
      depth++
      if (depth === 2) isList2 = code === 0x5b
      else if (depth === 4) isList4 = code === 0x5b
      scan.tooDeep = depth > depthMax
      if (scan.tooDeep || isOneTooMany()) return scan
    } else if (code === 0x7d || code === 0x5d) {
      depth--
      if (depth === 0) {
        close(at)
        scan.closeAt = at
      }
    } else if (code === comma) {
      if (depth === 1) close(at)
      if (isOneTooMany()) return scan
    } else if (depth === 1 && code === 0x3a && key && valueFrom < 0) valueFrom = at + 1
    at++
  }
  return scan
}

/** Containers and commas of a value as it would be written; see `Scan`. */
export function valuesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value) as unknown[]
  let values = Math.max(1, children.length)
  for (const child of children) values += valuesOf(child)
  return values
}

function readKey(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}

/**
 * The bytes with these top-level members set, replaced in place or added at the end: in pieces, of
 * which those that stay are the client's own, not copied.
 */
export function spliceMembers(
  json: Buffer,
  scan: Scan,
  members: Record<string, unknown>,
): Buffer[] {
  const edits = Object.entries(members).flatMap(([name, value]) => {
    const member = scan.members.get(name)
    return member ? [{ from: member.valueFrom, to: member.to, text: JSON.stringify(value) }] : []
  })
  let added = ''
  for (const [name, value] of Object.entries(members)) {
    if (scan.members.has(name)) continue
    const comma = scan.members.size > 0 || added ? ',' : ''
    added += `${comma}${JSON.stringify(name)}:${JSON.stringify(value)}`
  }
  edits.push({ from: scan.closeAt, to: scan.closeAt, text: added })
  edits.sort((a, b) => a.from - b.from)
  const pieces: Buffer[] = []
  let from = 0
  for (const edit of edits) {
    pieces.push(json.subarray(from, edit.from), Buffer.from(edit.text))
    from = edit.to
  }
  pieces.push(json.subarray(from))
  return pieces.filter((piece) => piece.length > 0)
}
