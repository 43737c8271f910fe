import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import type { Run } from './run.ts'

/** Of what a client sends, only these reach the upstream, besides what its SDK is called. */
const forwardable = ['openai-beta', 'idempotency-key']
const agent = 'ai-api-relay'

function headersFor({ clientHeader }: Run): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of forwardable) {
    const value = clientHeader(name)
    if (value && value.length <= 255) headers[name] = value
  }
  const theirs = clientHeader('user-agent')?.slice(0, 200)
  headers['user-agent'] = theirs ? `${theirs} ${agent}` : agent
  return headers
}

/**
 * Sends the call to the upstream and answers its answer, whatever it is, with its body unread.
 * Rejects with undici's error where there is none; by then nothing of it has reached the client.
 */
export function forward(run: Run): Promise<UpstreamAnswer> {
  const { services, endpoint, call, grant, earlyEnd } = run
  return services.upstream.send({
    path: endpoint.upstreamPath,
    body: endpoint.bodyFor(call, grant.outputTokensMax),
    streamed: call.streamed,
    headers: headersFor(run),
    signal: earlyEnd.signal,
  })
}
