import type { Script } from './script.ts'
import type { Send } from './steps.ts'

/** Puts one send into the bytes that go over the wire. */
export type Frame = (send: Send, head: string) => string

/** The frame of an answer: that of SSE, with the line ends, comments and lines the script wants. */
export function frameOf(script: Script): Frame {
  const line = script.has('crlf') ? '\r\n' : '\n'
  const comma = script.has('multi-line') ? `,${line}data: ` : ','
  const after = script.has('comment') ? `${line}${line}: comment${line}${line}` : line + line
  return ({ as, headed, text }, head) => {
    if (as === 'event') return `data: ${headed ? head + comma : ''}${text}${after}`
    return headed ? `${head},${text}` : text
  }
}
