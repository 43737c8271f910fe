import { limits } from '../../config/limits.ts'
import type { CallFacts } from '../../ledger/ledger.server.ts'
import type { Run } from '../run.ts'

const agent = 'ai-api-relay'

/** Of what a client sends, only these reach an upstream, besides what its SDK is called. */
export function headersFor(run: Run, upstream: string): Record<string, string> {
  const { clientHeader, services, accountId } = run
  const headers: Record<string, string> = {}
  const beta = clientHeader('openai-beta')
  if (beta && beta.length <= 255) headers['openai-beta'] = beta
  const key = clientHeader('idempotency-key')
  if (key) {
    headers['idempotency-key'] = services.pseudonyms.ofIdempotencyKey(accountId, upstream, key)
  }
  const theirs = clientHeader('user-agent')?.slice(0, 200)
  headers['user-agent'] = theirs ? `${theirs} ${agent}` : agent
  return headers
}

/** Where programs say which session of theirs a call is of. */
const sessionHeaders = [
  'x-session-id',
  'session-id',
  'session_id',
  'thread-id',
  'x-claude-code-session-id',
  'x-session-affinity',
]

/**
 * What calls have in common whose prompts begin alike: their client's own name for that beginning,
 * else the session, else key and model. An account's own, whatever others call theirs.
 */
export function affinityOf(
  { accountId, keyId, model }: Pick<CallFacts, 'accountId' | 'keyId' | 'model'>,
  cacheKey: string | null,
  clientHeader: (name: string) => string | null,
): string {
  const given = cacheKey ?? sessionIn(clientHeader)
  const own =
    given === null
      ? `key ${keyId} ${model}`
      : `session ${given.slice(0, limits.choice.affinityCharsMax)}`
  return `${accountId} ${own}`
}

function sessionIn(clientHeader: (name: string) => string | null): string | null {
  for (const name of sessionHeaders) {
    const value = clientHeader(name)
    if (value) return value
  }
  return null
}
