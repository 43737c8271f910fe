import { Readable } from 'node:stream'
import type { AnswerBody } from '../app/upstreams/upstreams.server.ts'

/** The body of an upstream's answer as a stream of Node's. */
export function readable(body: AnswerBody): Readable {
  const stream = new Readable({ read: () => undefined })
  body.on('data', (piece) => stream.push(piece))
  body.on('end', () => stream.push(null))
  body.on('error', (error) => stream.destroy(error))
  return stream
}
