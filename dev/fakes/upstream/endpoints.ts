import { chat } from './chat/chat.ts'
import { completions } from './chat/completions.ts'
import { embeddings } from './embeddings.ts'
import type { Endpoint } from './endpoint.ts'
import { countTokens, messages } from './messages/messages.ts'
import { moderations } from './moderation.ts'
import { compact, inputTokens } from './responses/beside.ts'
import { responses } from './responses/responses.ts'
import type { StoredResponses } from './responses/stored.ts'

/** Every path that is posted to. */
export const endpointsWith = (stored: StoredResponses): readonly Endpoint[] => [
  chat,
  completions,
  embeddings,
  moderations,
  responses(stored),
  compact,
  inputTokens,
  messages,
  countTokens,
]
