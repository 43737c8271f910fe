/** An answer that is longer than whoever asked has room for. */
export class AnswerTooLong extends Error {
  override name = 'AnswerTooLong'
}

/**
 * The same answer, whose body breaks off with `AnswerTooLong` where it is longer than so many
 * bytes: packages read answers whole, and nobody else stops one that has no end. Nothing more is
 * read then.
 */
export function bounded(answer: Response, bytesMax: number): Response {
  if (answer.body === null) return answer
  let bytes = 0
  const guard = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.byteLength
      if (bytes > bytesMax) controller.error(new AnswerTooLong(`longer than ${bytesMax} bytes`))
      else controller.enqueue(piece)
    },
  })
  const { status, statusText, headers } = answer
  return new Response(answer.body.pipeThrough(guard), { status, statusText, headers })
}
