import type { ApiRequest } from '../http/http.server.ts'
import { messagesDialect, openaiDialect, type Dialect } from '../relay/relay.server.ts'
import type { Found } from './table.ts'

/** Those of OpenAI's threads are below other names. */
const messagesPath = /(?:^|\/)(?<!\/threads\/[^/]+\/)messages(?:\/|$)/i

/**
 * How whoever asks is told of errors, and by which header they find the request's id: as clients of
 * the endpoint expect; where there is none, as those of Anthropic who say that they are, or ask for
 * something below its messages.
 */
export function dialectOf(
  { header, path }: Pick<ApiRequest, 'header' | 'path'>,
  found: Found | undefined,
): Dialect {
  if (found?.entry.dialect) return found.entry.dialect
  const isAnthropics = header('anthropic-version') !== null || (!found && messagesPath.test(path))
  return isAnthropics ? messagesDialect : openaiDialect
}
