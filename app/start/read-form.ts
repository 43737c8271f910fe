import type { IncomingMessage } from 'node:http'
import {
  BodyCut,
  BodyTimeout,
  BodyTooLarge,
  type Pace,
  Places,
  readBody,
} from '../http/http.server.ts'

/** How many forms may be on their way, all together and of one address, how long, and for how long. */
export type FormBounds = Record<
  'formsMax' | 'formsAnAddressMax' | 'formBytesMax' | 'formMsMax',
  number
>

/** What a request for a page brings: a form, nothing, or a reason not to go on. */
type Form = { body: Buffer | null } | { refused: number; text: string } | 'gone'

export const tooMany = 'Too many pages are being requested. Try again in a moment.'

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

function refusalOf(error: unknown): Form {
  if (error instanceof BodyCut) return 'gone'
  if (error instanceof BodyTimeout) {
    const text = 'This form took too long to arrive. Nothing was changed. Send it once more.'
    return { refused: 408, text }
  }
  if (error instanceof BodyTooLarge) {
    const text = 'This form is too long. Nothing was changed. Shorten it and send it once more.'
    return { refused: 413, text }
  }
  throw error
}

/** Reads forms whole, a bounded number at a time, so that slow ones take nobody's place at a page. */
export function createFormReader(most: FormBounds, refusals: Pace) {
  const forms = new Places({ allMax: most.formsMax, eachMax: most.formsAnAddressMax })
  return async (incoming: IncomingMessage, who: string): Promise<Form> => {
    if (!hasBody(incoming)) return { body: null }
    const leave = forms.take(who)
    if (!leave) {
      // Programs that send forms without end send the next at once.
      await refusals.wait(who)
      return { refused: 503, text: tooMany }
    }
    try {
      return { body: await readBody(incoming, most.formBytesMax, most.formMsMax) }
    } catch (error) {
      return refusalOf(error)
    } finally {
      leave()
    }
  }
}
