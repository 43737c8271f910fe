import type { AnswerBody } from '../upstreams/upstreams.server.ts'

/**
 * Reads at most `bytesMax` of a body. Answers undefined, and lets the body go, when there is more.
 */
export function readAll(body: AnswerBody, bytesMax: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    body.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= bytesMax) return pieces.push(piece)
      resolve(undefined)
      body.destroy()
    })
    body.on('end', () => {
      const [only] = pieces
      resolve(only && pieces.length === 1 ? only : Buffer.concat(pieces))
    })
    body.on('error', reject)
    // Whoever destroyed it without a word has ended the call.
    body.on('close', () => resolve(undefined))
  })
}
