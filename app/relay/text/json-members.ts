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
  let members = 0
  let values = 0
  if (Array.isArray(value)) {
    for (const item of value) values += valuesOf(item)
    return Math.max(1, value.length) + values
  }
  // No list is made of the members, as it would be of each object of each body.
  for (const name in value) {
    members++
    values += valuesOf((value as Record<string, unknown>)[name])
  }
  return Math.max(1, members) + values
}

function readKey(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}

/** What is changed of the members at the top of an object. */
export type Edits = {
  /** By the names under which they go out; added at the end where there is none of that name. */
  set?: Record<string, unknown>
  /** Left out, by the names that they have. */
  drop?: ReadonlySet<string>
  /** New names by old ones. No two members may come to have one name. */
  rename?: Record<string, string>
}

type Edit = { from: number; to: number; text: string }
const none: ReadonlySet<string> = new Set()

/**
 * The bytes with these edits of their top-level members: in pieces, of which those that stay are
 * the client's own, not copied.
 */
export function spliceMembers(
  json: Buffer,
  scan: Scan,
  { set = {}, drop = none, rename = {} }: Edits,
): Buffer[] {
  const edits: Edit[] = drop.size > 0 ? cutsOf(scan, drop) : []
  const added = new Map(Object.entries(set))
  let left = 0
  for (const [name, member] of scan.members) {
    if (drop.has(name)) continue
    left++
    const toBe = Object.hasOwn(rename, name) ? (rename[name] ?? name) : name
    if (toBe !== name) {
      // The colon stands right before the value.
      edits.push({ from: member.from, to: member.valueFrom - 1, text: JSON.stringify(toBe) })
    }
    if (!added.has(toBe)) continue
    const text = JSON.stringify(added.get(toBe))
    edits.push({ ...withoutBlanks(json, member), text })
    added.delete(toBe)
  }
  const more = [...added].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const text = `${left > 0 && more.length > 0 ? ',' : ''}${more.join(',')}`
  edits.push({ from: scan.closeAt, to: scan.closeAt, text })
  return withEdits(json, edits)
}

const blanks: ReadonlySet<number | undefined> = new Set([0x20, 0x0a, 0x0d, 0x09])

/** Where a value stands by itself: what is around it is the client's, and stays. */
export function withoutBlanks(
  json: Buffer,
  { valueFrom, to }: Member,
): { from: number; to: number } {
  let from = valueFrom
  while (from < to && blanks.has(json[from])) from++
  let end = to
  while (end > from && blanks.has(json[end - 1])) end--
  return { from, to: end }
}

/** Where members are left out: each with the comma behind it, the last ones with that before them. */
function cutsOf({ members }: Scan, drop: ReadonlySet<string>): Edit[] {
  const cuts: Edit[] = []
  let keptTo: number | undefined
  let from: number | undefined
  let to = 0
  for (const [name, member] of members) {
    if (drop.has(name)) {
      from ??= member.from
      to = member.to
      continue
    }
    if (from !== undefined) cuts.push({ from, to: member.from, text: '' })
    from = undefined
    keptTo = member.to
  }
  if (from !== undefined) cuts.push({ from: keptTo ?? from, to, text: '' })
  return cuts
}

function withEdits(json: Buffer, edits: Edit[]): Buffer[] {
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
