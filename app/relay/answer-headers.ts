import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'

/** Of the upstream's headers, only how long it took goes back; nothing of who we are to it. */
export function answerHeaders(
  answer: UpstreamAnswer | undefined,
  contentType: string,
): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': contentType }
  const took = answer?.headers['openai-processing-ms']
  if (typeof took === 'string' && /^\d{1,10}$/.test(took)) headers['openai-processing-ms'] = took
  return headers
}
