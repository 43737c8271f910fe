import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { CallFacts } from '../../ledger/ledger.server.ts'
import type { UpstreamCall, UpstreamRuntime } from '../../upstreams/upstreams.server.ts'
import type { Dialect } from '../endpoint.ts'
import type { ClientHead, Run } from '../run.ts'

/** What upstreams know the relay by. */
export const agent = 'ai-api-relay'

type Head = Pick<UpstreamCall, 'headers' | 'verbatim' | 'query'>
type Named = Pick<UpstreamRuntime, 'name' | 'definition'>

/**
 * Of what a client sends beside its body, only this reaches an upstream: what its SDK is called,
 * and a few headers by name; where the dialect wants it, also its open list of headers, and the
 * query.
 */
export function headFor(run: Run, upstream: Named): Head {
  const { client, services, accountId, endpoint } = run
  const headers: Record<string, string> = {}
  const beta = client.header('openai-beta')
  if (beta && beta.length <= 255) headers['openai-beta'] = beta
  const key = client.header('idempotency-key')
  if (key) {
    const { name } = upstream
    headers['idempotency-key'] = services.pseudonyms.ofIdempotencyKey(accountId, name, key)
  }
  const theirs = client.header('user-agent')?.slice(0, 200)
  headers['user-agent'] = theirs ? `${theirs} ${agent}` : agent
  const { passing } = endpoint.dialect
  if (!passing) return { headers }
  const verbatim = verbatimOf(client, passing.isSent, upstream)
  return { headers, verbatim, query: queryFor(client, upstream) }
}

function verbatimOf(
  client: ClientHead,
  isSent: (name: string) => boolean,
  { definition: { credential } }: Named,
): Record<string, string> {
  const verbatim: Record<string, string> = {}
  for (const name of client.headerNames()) {
    if (name === credential?.header || !isSent(name)) continue
    const value = client.header(name)
    if (value !== null) verbatim[name] = value
  }
  return verbatim
}

/**
 * Refuses more beside the body than servers take, in an open list: what one answers to that, or
 * that it hangs up, would tell of its health, and keep others from it.
 */
export function refuseLongHead({ url, header, headerNames }: ClientHead, { passing }: Dialect) {
  if (!passing) return
  const at = url.indexOf('?')
  const query = at < 0 ? '' : new URLSearchParams(url.slice(at)).toString()
  const sent = headerNames().filter((name) => passing.isSent(name))
  const bytes = sent.reduce((sum, name) => sum + name.length + (header(name) ?? '').length, 0)
  const most = limits.http.passedHeadBytesMax
  if (query.length + bytes > most)
    throw badRequest(`The query and headers that are passed on take more than ${most} bytes.`)
}

/** Names under which keys go: what is sent there is never passed on. */
const secret = /auth|key|token|secret|sig|credential|^code$/i

/** What a client says behind its path, but for keys and what the upstream's definition says. */
function queryFor({ url }: ClientHead, { definition: { query } }: Named): string | undefined {
  const at = url.indexOf('?')
  if (at < 0) return undefined
  const said = [...new URLSearchParams(url.slice(at))].filter(
    ([name]) => !Object.hasOwn(query, name) && !secret.test(name),
  )
  return said.length > 0 ? new URLSearchParams(said).toString() : undefined
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
  client: Pick<ClientHead, 'header'>,
): string {
  const given = cacheKey ?? sessionIn(client)
  const own =
    given === null
      ? `key ${keyId} ${model}`
      : `session ${given.slice(0, limits.choice.affinityCharsMax)}`
  return `${accountId} ${own}`
}

function sessionIn({ header }: Pick<ClientHead, 'header'>): string | null {
  for (const name of sessionHeaders) {
    const value = header(name)
    if (value) return value
  }
  return null
}
