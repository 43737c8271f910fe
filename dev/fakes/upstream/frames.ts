import type { Script } from './script.ts'
import type { Send } from './steps.ts'

/** Stands for what is new in every answer, in texts that are worked out once. */
export const tagMark = '{demo-tag}'

/** What of an answer's bytes is new for every request. */
export type Fresh = {
  /** The start of every JSON object of the answer that is headed: its id, object and time. */
  head: string
  /** What stands where a text has `tagMark`. */
  tag: string
}

/** Puts one send into the bytes that go over the wire. */
export type Frame = (send: Send, fresh: Fresh) => string

/** The frame of an answer: that of SSE, with the line ends, comments and lines the script wants. */
export function frameOf(script: Script): Frame {
  const line = script.has('crlf') ? '\r\n' : '\n'
  const comma = script.has('multi-line') ? `,${line}data: ` : ','
  const after = script.has('comment') ? `${line}${line}: comment${line}${line}` : line + line
  return ({ as, headed, name, text }, { head, tag }) => {
    const own = text.includes(tagMark) ? text.replaceAll(tagMark, tag) : text
    if (as !== 'event') return headed ? `${head},${own}` : own
    if (headed) return `data: ${head}${comma}${own}${after}`
    // The first comma of an event that has a name stands behind its type.
    if (name !== null) return `event: ${name}${line}data: ${own.replace(',', comma)}${after}`
    return `data: ${own}${after}`
  }
}
