/** Where a top-level member of a JSON object stands in its text. */
type Member = { from: number; to: number; valueFrom: number }
export type Scan = {
  members: Map<string, Member>
  duplicate: string | null
  tooDeep: boolean
  closeAt: number
}

const quote = 0x22
const backslash = 0x5c

/** The position behind the string that starts at `from`. */
function skipString(text: string, from: number): number {
  let at = from + 1
  for (;;) {
    at = text.indexOf('"', at)
    if (at === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes++
    at++
    if (slashes % 2 === 0) return at
  }
}

/**
 * Finds the top-level members of a JSON object without reading their values, so that a request can
 * be changed by splicing and reaches the upstream otherwise as the client wrote it. It also sees
 * what JSON.parse hides: a member given twice, which the upstream might read differently from us,
 * and nesting. Text that is not JSON gives some answer; JSON.parse says no to it afterwards.
 */
export function scanObject(text: string, depthMax: number): Scan {
  const scan: Scan = { members: new Map(), duplicate: null, tooDeep: false, closeAt: -1 }
  let depth = 0
  let key: { name: string; from: number } | undefined
  let valueFrom = -1
  const close = (to: number) => {
    if (key && valueFrom >= 0) {
      if (scan.members.has(key.name)) scan.duplicate = key.name
      scan.members.set(key.name, { from: key.from, valueFrom, to })
    }
    key = undefined
    valueFrom = -1
  }
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      const end = skipString(text, at)
      if (depth === 1 && !key) key = { name: readKey(text.slice(at, end)), from: at }
      at = end
      continue
    }
    if (code === 0x7b || code === 0x5b) {
      depth++
      if (depth > depthMax) {
        scan.tooDeep = true
        return scan
      }
    } else if (code === 0x7d || code === 0x5d) {
      depth--
      if (depth === 0) {
        close(at)
        scan.closeAt = at
      }
    } else if (depth === 1 && code === 0x2c) close(at)
    else if (depth === 1 && code === 0x3a && key && valueFrom < 0) valueFrom = at + 1
    at++
  }
  return scan
}

function readKey(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}

/** The text with these top-level members set, replaced in place or added at the end. */
export function spliceMembers(text: string, scan: Scan, members: Record<string, unknown>): string {
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
  let result = ''
  let from = 0
  for (const edit of edits) {
    result += text.slice(from, edit.from) + edit.text
    from = edit.to
  }
  return result + text.slice(from)
}
