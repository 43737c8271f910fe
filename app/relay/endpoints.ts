import { chat } from './chat/chat.ts'
import { completions } from './completions/completions.ts'
import { embeddings } from './embeddings/embeddings.ts'
import type { Endpoint } from './endpoint.ts'
import { countTokens } from './free/count-tokens.ts'
import { inputTokens } from './free/input-tokens.ts'
import { messages } from './messages/messages.ts'
import { moderations } from './free/moderations.ts'
import { compact } from './responses/compact.ts'
import { responses } from './responses/responses.ts'

/** Every endpoint that is relayed to an upstream. */
export const endpoints: readonly Endpoint[] = [
  chat,
  responses,
  compact,
  inputTokens,
  completions,
  messages,
  countTokens,
  embeddings,
  moderations,
]

const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]))

/** The endpoint of a path, with or without a slash at its end. */
export const endpointAt = (path: string): Endpoint | undefined =>
  byPath.get(path) ?? byPath.get(path.replace(/\/$/, ''))

/** The kinds of models that can be called here. */
export const servedKinds: ReadonlySet<string> = new Set(endpoints.map(({ kind }) => kind))
