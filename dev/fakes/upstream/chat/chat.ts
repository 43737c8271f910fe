import { answerTo } from '../answer.ts'
import { lastUserText, parseChatRequest } from './chat-request.ts'
import { chunksOf } from './chunks.ts'
import { completionOf } from './completion.ts'
import type { Endpoint } from '../endpoint.ts'
import { ErrorAnswer } from '../errors.ts'
import { openaiDialect } from '../dialects/openai-dialect.ts'
import { event, raw } from '../steps.ts'

/** Chat completions. */
export const chat: Endpoint = {
  name: 'chat/completions',
  dialect: openaiDialect,
  read(text) {
    const request = parseChatRequest(text)
    if (request instanceof ErrorAnswer) return request
    return {
      model: request.model,
      stream: request.stream,
      say: lastUserText(request.messages),
      answer(script, headers) {
        const output = answerTo(request, script, headers)
        return {
          counts: output.counts,
          unseen: output.counts.reasoning,
          events: () => chunksOf(request, script, output),
          body: () => completionOf(request, script, output),
        }
      },
    }
  },
  head(tag, created, streamed) {
    const object = streamed ? 'chat.completion.chunk' : 'chat.completion'
    return `{"id":"chatcmpl-demo${tag}","object":"${object}","created":${created}`
  },
  errorEvent: (error) => event(JSON.stringify(openaiDialect.errorBody(error)), { headed: false }),
  half: 'data: {"id":"chatcmpl-half","object":"chat.completion.chunk","choices":[{"in',
  ping: raw(': ping\n\n'),
}
