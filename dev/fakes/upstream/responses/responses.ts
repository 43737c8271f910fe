import type { Endpoint } from '../endpoint.ts'
import { ErrorAnswer } from '../errors.ts'
import { tagMark } from '../frames.ts'
import { openaiDialect } from '../dialects/openai-dialect.ts'
import type { Script } from '../script.ts'
import { body, named } from '../steps.ts'
import { eventsOf, shownTokens, statusOf } from './events.ts'
import { ended, responseId } from './object.ts'
import { outputTo, type Output } from './output.ts'
import { parseResponseRequest, type ResponseRequest } from './request.ts'
import type { StoredResponses } from './stored.ts'
import { lastSaid } from './tokens.ts'

/** What all paths below /v1/responses have in common. */
export const responsesForm: Pick<Endpoint, 'dialect' | 'errorEvent' | 'half' | 'ping'> = {
  dialect: openaiDialect,
  errorEvent: ({ status, message, code, param }, at) =>
    named({
      type: 'error',
      sequence_number: at,
      code: code ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      message,
      param,
    } as { type: string }),
  half: 'event: response.output_text.delta\ndata: {"type":"response.output_text.del',
  ping: named({ type: 'keepalive' }),
}

/** Responses: what Codex calls, and nothing else. */
export const responses = (stored: StoredResponses): Endpoint => ({
  name: 'responses',
  ...responsesForm,
  read(text) {
    const request = parseResponseRequest(text)
    if (request instanceof ErrorAnswer) return request
    const refusal = unknownState(request, stored)
    if (refusal) return refusal
    const before = stored.find(request.previousId ?? '')?.tokens ?? 0
    return {
      model: request.model,
      stream: request.stream,
      say: lastSaid(request.items),
      isOfState: request.previousId !== undefined,
      answer(script, headers) {
        const output = outputTo(request, { script, headers, before })
        const keep = (tag: string) => stored.keep(responseId(tag), asStored(request, output, tag))
        return {
          counts: output.counts,
          unseen: output.counts.reasoning,
          events: () => eventsOf(request, script, output),
          body: () => bodyOf(request, script, output),
          ...(request.stored && { keep }),
        }
      },
    }
  },
})

function unknownState(request: ResponseRequest, stored: StoredResponses): ErrorAnswer | undefined {
  const {
    previousId,
    body: { conversation },
  } = request
  if (previousId !== undefined && !stored.find(previousId)) {
    const words = `Previous response with id '${previousId}' not found.`
    return new ErrorAnswer(400, words, 'previous_response_not_found', 'previous_response_id')
  }
  if (conversation == null) return undefined
  const id = typeof conversation === 'string' ? conversation : (conversation as { id?: string }).id
  return new ErrorAnswer(404, `Conversation with id '${String(id)}' not found.`)
}

function bodyOf(request: ResponseRequest, script: Script, output: Output) {
  const status = statusOf(script, output.isWhole)
  const { response, usage } = ended(request, { script, output }, { status, counts: output.counts })
  return body(JSON.stringify(response), { tokens: shownTokens(output), usage })
}

function asStored(request: ResponseRequest, output: Output, tag: string) {
  const { counts, isWhole } = output
  const script: Script = new Map()
  const status = statusOf(script, isWhole)
  const { response } = ended(request, { script, output }, { status, counts })
  const own = JSON.stringify(response).replaceAll(tagMark, tag)
  return {
    response: JSON.parse(own) as Record<string, unknown>,
    items: request.items,
    tokens: counts.prompt + counts.completion - counts.reasoning,
  }
}
