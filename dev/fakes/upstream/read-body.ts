import type { IncomingMessage } from 'node:http'

const bodyBytesMax = 32 * 1024 * 1024

/** The request's body, or what is wrong with it. */
export function readBody(req: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let bytes = 0
    req.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes > bodyBytesMax) {
        parts.length = 0
        resolve('too large')
      } else {
        parts.push(part)
      }
    })
    req.on('end', () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)))
    req.on('close', () => resolve('aborted'))
  })
}
