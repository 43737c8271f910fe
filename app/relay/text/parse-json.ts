import { randomUUID } from 'node:crypto'
import { limits } from '../../config/limits.ts'
import { readLong, type Span, type Unread } from './long-strings.ts'
import type { Steps } from './steps.ts'

/** What JSON holds, and what stands for those of its strings that have not been read. */
export type Parsed = { value: unknown; unread: Map<string, Unread> }

/** Puts back what was taken out, wherever it stands: values, and names of members. */
function restore(value: unknown, taken: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return taken.get(value) ?? value
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string, unknown>
  for (const name of Object.keys(holder)) {
    const member = holder[name]
    if (typeof member === 'string' || typeof member === 'object')
      holder[name] = restore(member, taken)
    const ownName = taken.get(name)
    if (ownName === undefined) continue
    // As JSON.parse does it: assigned, one name would be no member.
    const descriptor = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor
    delete holder[name]
    Object.defineProperty(holder, ownName, descriptor)
  }
  return holder
}

/**
 * What JSON.parse makes of these bytes, in steps of less than a millisecond: its long strings,
 * which a scan has found, are read by themselves, and in pieces, and something short stands for
 * them meanwhile that nobody can have written. It goes on to stand for media, and for text that is
 * too long to be counted; `putBack` reads those after all. Twenty megabytes at once would keep
 * everybody waiting for a quarter of a second, and take several times the memory. Throws where
 * JSON.parse would.
 */
export function* parseJson(
  json: Buffer,
  long: readonly Span[],
  stepBytes: number = limits.http.json.stepBytes,
): Steps<Parsed> {
  const unread = new Map<string, Unread>()
  if (long.length === 0) return { value: JSON.parse(json.toString('utf8')), unread }
  const mark = randomUUID()
  const taken = new Map<string, string>()
  let rest = ''
  let from = 0
  let bytes = 0
  for (const span of long) {
    const read = yield* readLong(json, span, stepBytes)
    const isRead = typeof read === 'string'
    // Whoever looks at how it begins, or whether it is long, sees what it is.
    const name = `${isRead ? '' : read.start} ${mark} ${taken.size + unread.size}`
    if (isRead) taken.set(name, read)
    else unread.set(name, read)
    rest += `${json.toString('utf8', from, span.from)}${JSON.stringify(name)}`
    bytes += span.to - from
    from = span.to
    if (bytes < stepBytes) continue
    bytes = 0
    yield
  }
  rest += json.toString('utf8', from)
  yield
  return { value: restore(JSON.parse(rest), taken), unread }
}

/** Reads what has not been read, and puts it where it stands. */
export function* putBack({ value, unread }: Parsed, json: Buffer): Steps<unknown> {
  if (unread.size === 0) return value
  const texts = new Map<string, string>()
  for (const [name, { from, to }] of unread) {
    texts.set(name, JSON.parse(json.toString('utf8', from, to)) as string)
    yield
  }
  return restore(value, texts)
}
