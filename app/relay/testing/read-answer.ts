import { limits } from '../../config/limits.ts'
import type { AnswerBody } from '../../upstreams/upstreams.server.ts'
import { EventSplitter, firstEventEnd } from '../text/events.ts'
import type { Seen, TestForm } from './tested-call.ts'

const { answerBytesMax } = limits.upstreams.test

const tooLong = () => Object.assign(new Error('too long'), { code: 'too_long' })

/**
 * Rejects where the connection breaks, and where it says more than anybody has asked for. Whoever
 * leaves it open behind a piece that is the last one is not waited for.
 */
const readAll = (body: AnswerBody, onPiece: (piece: Buffer) => 'last' | undefined) =>
  new Promise<void>((resolve, reject) => {
    let bytes = 0
    let rest: NodeJS.Timeout | undefined
    const leave = () => {
      resolve()
      body.destroy()
    }
    body.on('data', (piece) => {
      bytes += piece.length
      if (bytes > answerBytesMax) {
        reject(tooLong())
        body.destroy()
      } else if (onPiece(piece) === 'last') rest ??= setTimeout(leave, limits.stream.finishMsMax)
    })
    body.on('end', resolve)
    body.on('error', reject)
    body.on('close', () => {
      clearTimeout(rest)
      reject(new Error('closed'))
    })
  })

export async function readWhole(body: AnswerBody): Promise<Buffer> {
  const pieces: Buffer[] = []
  await readAll(body, (piece) => void pieces.push(piece))
  return Buffer.concat(pieces)
}

export async function readStream(
  body: AnswerBody,
  form: TestForm,
  elapsed: () => number,
): Promise<Seen> {
  const seen: Seen = {}
  const splitter = new EventSplitter(answerBytesMax)
  const lookAtAll = (events: Buffer | undefined) => {
    for (let at = 0; events && at < events.length;) {
      const end = firstEventEnd(events, at)
      form.look(events.subarray(at, end), seen, elapsed)
      at = end
    }
  }
  await readAll(body, (piece) => {
    lookAtAll(splitter.push(piece))
    return seen.isWhole ? 'last' : undefined
  })
  lookAtAll(splitter.end())
  if (!seen.isWhole) seen.code ??= 'no_end'
  return seen
}
