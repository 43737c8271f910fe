/** Most paths: nothing in them could be written in another way. */
const plain = /^(?:\/[\w-]+)+(?:\?[!"$-~]*)?$/

/** The scheme and host of a request target in absolute form (RFC 9112, section 3.2.2). */
const absolute = /^https?:[/\\]{2}([^/\\?#]*)/i

/** Whatever a path of a URL may hold as it is (RFC 3986, section 3.3), and its own escapes. */
const escaped = (segment: string) =>
  encodeURIComponent(segment).replace(/%(2[46BC]|3[ABD]|40)/g, (code) => decodeURIComponent(code))

/** Node hands the bytes of a target over one by one; clients mean UTF-8 by those beyond ASCII. */
const bytesEscaped = (text: string) =>
  text.replace(/[^!-~]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** A part of a path as it is meant; a percent sign that begins no escape stands for itself. */
function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // It is no escape, or what it says is no text: then the letters are what is meant.
    return segment
  }
}

/** The path with dots followed, and each part written in the one way. */
function canonicalPath(path: string): string {
  const parts: string[] = []
  const segments = bytesEscaped(path)
    .split(/[/\\]+/)
    .map(unescaped)
  for (const segment of segments) {
    if (segment === '..') parts.pop()
    else if (segment !== '.' && segment !== '') parts.push(escaped(segment))
  }
  const last = segments.at(-1)
  const isFolder = parts.length > 0 && (last === '' || last === '.' || last === '..')
  return `/${parts.join('/')}${isFolder ? '/' : ''}`
}

/**
 * A request's target in the one spelling that everything after goes by: the door of the API, health
 * and the pages would else take different spellings for the same (`/x/../v1`, `/v1\models`,
 * `/%761`), and an answer be made by whoever was not meant. Taking it twice changes nothing. `host`
 * is there where the target named one, which then goes before the header.
 */
export function readTarget(target: string): { url: string; host?: string } {
  if (plain.test(target)) return { url: target }
  const [origin = '', host] = absolute.exec(target) ?? []
  const rest = target.slice(origin.length)
  const end = rest.search(/[?#]/)
  const path = canonicalPath(end < 0 ? rest : rest.slice(0, end))
  const query = end < 0 || rest[end] === '#' ? '' : (rest.slice(end).split('#', 1)[0] ?? '')
  const url = path + bytesEscaped(query)
  return host === undefined ? { url } : { url, host }
}
