import type { MessageDescriptor } from '@lingui/core'
import type { LoaderFunctionArgs } from '@remix-run/node'
import { speakerOf } from '../ui/language/speakers.ts'
import { msg } from '../values/language/msg.ts'
import { personalPage, type PersonalArgs } from './page.ts'
import { languageOf } from './site/language.ts'

type Said = { message?: string | MessageDescriptor; requestId?: string }
type Thrown = { init?: { status?: number } | null; data?: Said }

/**
 * A loader that answers with a file for somebody who is signed in. There is no page around it, so
 * what goes wrong is said in plain text.
 */
export const personalFile =
  (work: (args: PersonalArgs) => Promise<Response>) => async (args: LoaderFunctionArgs) => {
    try {
      // What is long is made in turns of its own.
      const inTurn = (given: PersonalArgs) => work(given).finally(() => given.leave())
      return await personalPage(inTurn)(args)
    } catch (thrown) {
      if (thrown instanceof Response) throw thrown
      const { init, data } = thrown as Thrown
      const id = data?.requestId
      const text = data?.message ?? msg`This file cannot be made right now. Quote this id: ${id}`
      const said = typeof text === 'string' ? text : speakerOf(languageOf(args.request))._(text)
      return plainText(init?.status ?? 500, said)
    }
  }

/** An answer for people where there is no page. */
export const plainText = (status: number, text: string) =>
  new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })

/**
 * A text file in pieces, none of which is made before the reader has taken what was made before.
 * `end` runs once, however the file ends.
 */
export function streamFile(
  pieces: AsyncGenerator<string, void, undefined>,
  reader: { ready(): Promise<boolean> } | undefined,
  end: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const isThere = reader ? await reader.ready() : true
          const next = isThere ? await pieces.next() : undefined
          if (next && !next.done) return controller.enqueue(encoder.encode(next.value))
          end()
          await pieces.return()
          controller.close()
        } catch (error) {
          end()
          throw error
        }
      },
      async cancel() {
        end()
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
}
