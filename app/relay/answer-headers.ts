import type { Run } from './run.ts'

/** Of the upstream's headers, only how long it took goes back; nothing of who we are to it. */
export function answerHeaders(run: Run, contentType: string): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': contentType }
  const took = run.upstreamAnswer?.headers['openai-processing-ms']
  if (typeof took === 'string' && /^\d{1,10}$/.test(took)) headers['openai-processing-ms'] = took
  return headers
}
