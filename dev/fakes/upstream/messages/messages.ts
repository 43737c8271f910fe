import { anthropicDialect } from '../dialects/anthropic-dialect.ts'
import type { Endpoint } from '../endpoint.ts'
import { ErrorAnswer } from '../errors.ts'
import { body, named } from '../steps.ts'
import { noCounts } from '../usage.ts'
import { bodyOf, eventsOf, ping } from './events.ts'
import { outputTo } from './output.ts'
import { lastSaid, parseMessageRequest } from './request.ts'
import { countPrompt } from './tokens.ts'

const messagesForm: Pick<Endpoint, 'dialect' | 'errorEvent' | 'half' | 'ping'> = {
  dialect: anthropicDialect,
  errorEvent: (error) => named(anthropicDialect.errorBody(error) as { type: string }),
  half: 'event: content_block_delta\ndata: {"type":"content_block_del',
  ping,
}

/** Messages, as Claude Code calls them. */
export const messages: Endpoint = {
  name: 'messages',
  ...messagesForm,
  read(text, headers) {
    const request = parseMessageRequest(text, headers)
    if (request instanceof ErrorAnswer) return request
    return {
      model: request.model,
      stream: request.stream,
      say: lastSaid(request.messages),
      answer(script, sent) {
        const output = outputTo(request, { script, headers: sent })
        return {
          counts: output.counts,
          unseen: output.own.reasoning + (output.compacted?.output ?? 0),
          events: () => eventsOf(request, script, output),
          body: () => bodyOf(request, script, output),
        }
      },
    }
  },
}

/** How many tokens a request for a message would have. */
export const countTokens: Endpoint = {
  name: 'messages/count_tokens',
  ...messagesForm,
  read(text, headers) {
    const request = parseMessageRequest(text, headers, false)
    if (request instanceof ErrorAnswer) return request
    const answer = { input_tokens: countPrompt(request).prompt }
    return {
      model: request.model,
      stream: false,
      say: lastSaid(request.messages),
      answer: () => ({ counts: noCounts, unseen: 0, body: () => body(JSON.stringify(answer)) }),
    }
  },
}
