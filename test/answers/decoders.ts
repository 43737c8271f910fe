/**
 * How other languages' packages read a stream, in rules taken from their sources (openai-python's
 * `_streaming.py` of 2026, openai-go's `ssestream` up to 1.8): what a test cannot run here.
 */

/** Lines with their ends, as Python's `bytes.splitlines(keepends=True)` cuts them: one piece at a time. */
const linesOf = (piece: Buffer): string[] =>
  piece.toString('latin1').match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []

/** Python puts lines together until they end in an empty one of the same kind, and then looks. */
function pythonChunks(pieces: Buffer[]): string[] {
  const chunks: string[] = []
  let data = ''
  for (const line of pieces.flatMap(linesOf)) {
    data += line
    if (!/(?:\r\r|\n\n|\r\n\r\n)$/.test(data)) continue
    chunks.push(data)
    data = ''
  }
  return data === '' ? chunks : [...chunks, data]
}

/** An empty line is an event as soon as there was ever an id: that is never forgotten. */
function pythonDecoded(lines: string[]): string[] {
  const events: string[] = []
  let [name, id, retry] = ['', '', '']
  let data: string[] = []
  for (const line of lines.map((it) => it.replace(/\r?\n$|\r$/, ''))) {
    if (line === '') {
      if (name || id || retry || data.length > 0) events.push(data.join('\n'))
      ;[name, retry, data] = ['', '', []]
      continue
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'event') name = value
    if (field === 'data') data.push(value)
    if (field === 'id' && !value.includes('\0')) id = value
    if (field === 'retry' && /^\d+$/.test(value)) retry = value
  }
  return events.map(utf8)
}

export const pythonEvents = (pieces: Buffer[]) =>
  pythonDecoded(pythonChunks(pieces).flatMap((chunk) => linesOf(Buffer.from(chunk, 'latin1'))))

/** Its older versions had httpx cut the lines, which keeps a CR until it knows what follows. */
export const httpxEvents = (pieces: Buffer[]) => pythonDecoded(linesOf(Buffer.concat(pieces)))

/** Go's scanner knows LF, with or without a CR before it; every empty line is an event. */
export function goEvents(pieces: Buffer[]): string[] {
  const events: string[] = []
  let data = ''
  const lines = Buffer.concat(pieces).toString('latin1').split('\n')
  for (const line of lines.map((it) => it.replace(/\r$/, '')).slice(0, -1)) {
    if (line === '') {
      events.push(data)
      data = ''
      continue
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'data') data += `${value}\n`
  }
  return events.map((it) => utf8(it.replace(/\n$/, '')))
}

const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')

/** What such a package makes of events: each is JSON until one is `[DONE]`. Throws where it would. */
export function objectsIn(events: string[]): unknown[] {
  const end = events.findIndex((data) => data.startsWith('[DONE]'))
  return events.slice(0, end < 0 ? events.length : end).map((data) => JSON.parse(data) as unknown)
}
