import { createHmac } from 'node:crypto'
import { deriveKey } from '../config/derive-key.ts'
import { limits } from '../config/limits.ts'
import { Refused } from '../errors/refusal.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import type { Run } from './run.ts'

const agent = 'ai-api-relay'

/**
 * All customers share one key upstream, where two of them with the same idempotency key would share
 * an answer: what goes out is an account's own, says nothing of what came in, and is the same for
 * the same.
 */
function idempotencyKey({ services, facts }: Run, key: string): string {
  const hmac = createHmac('sha256', deriveKey(services.env, 'idempotency key'))
  return hmac.update(`${facts.accountId} ${key}`).digest('hex')
}

/** Of what a client sends, only these reach the upstream, besides what its SDK is called. */
function headersFor(run: Run): Record<string, string> {
  const { clientHeader } = run
  const headers: Record<string, string> = {}
  const beta = clientHeader('openai-beta')
  if (beta && beta.length <= 255) headers['openai-beta'] = beta
  const idempotency = clientHeader('idempotency-key')
  if (idempotency) headers['idempotency-key'] = idempotencyKey(run, idempotency)
  const theirs = clientHeader('user-agent')?.slice(0, 200)
  headers['user-agent'] = theirs ? `${theirs} ${agent}` : agent
  return headers
}

const bytesOf = (pieces: Buffer[]) => pieces.reduce((sum, piece) => sum + piece.length, 0)

/**
 * The body as it goes out. A long one is all that is left of what the client sent, but for what a
 * bill may need, and of that nothing is left when it is on the wire: a stream lasts for minutes.
 */
function bodyOf({ endpoint, call, grant, share }: Run): { body: Buffer[]; onSent?: () => void } {
  const body = endpoint.bodyFor(call, grant.outputTokensMax)
  const bytes = bytesOf(body)
  if (bytes <= limits.http.textBytesMax) return { body }
  const kept = endpoint.letGo(call)
  share.keep(bytes + kept)
  return { body, onSent: () => share.keep(kept) }
}

/**
 * Sends the call to the upstream and answers its answer, whatever it is, with its body unread.
 * Rejects with undici's error where there is none; by then nothing of it has reached the client.
 */
export async function forward(run: Run): Promise<UpstreamAnswer> {
  const { services, endpoint, call, earlyEnd } = run
  const { upstreams } = services
  const offers = [{ upstream: upstreams.environment, theirName: call.model.name }]
  const path = endpoint.upstreamPath.slice(1)
  const wanted = { model: call.model.name, path, needs: new Set<string>(), affinity: '' }
  const attempt = upstreams.candidates(offers, wanted).next()
  if (!attempt) throw new Refused('upstream_unavailable')
  return attempt.send({
    path,
    ...bodyOf(run),
    streamed: call.streamed,
    headers: headersFor(run),
    signal: earlyEnd.signal,
  })
}
