import type { LimitFigures } from './pass.ts'

type Headers = string[]

/** A time as Go prints it, which is how OpenAI says it: `6m0s`, `1.2s`, `20ms`, `0s`. */
export function goDuration(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms))
  if (whole === 0) return '0s'
  if (whole < 1_000) return `${whole}ms`
  const hours = Math.floor(whole / 3_600_000)
  const minutes = Math.floor((whole % 3_600_000) / 60_000)
  const seconds = `${(whole % 60_000) / 1_000}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

const kinds = ['requests', 'tokens'] as const

/** As OpenAI writes them (its guide to rate limits, "Rate limits in headers"). */
export function openaiLimitHeaders(figures: LimitFigures): Headers {
  const headers: Headers = []
  for (const kind of kinds) {
    const of = figures[kind]
    if (!of) continue
    headers.push(`x-ratelimit-limit-${kind}`, String(of.limit))
    headers.push(`x-ratelimit-remaining-${kind}`, String(of.remaining))
    headers.push(`x-ratelimit-reset-${kind}`, goDuration(of.resetMs))
  }
  return headers
}

/**
 * As Anthropic writes them (its reference, "Rate limits", "Response headers"). Tokens are limited here
 * as a sum: of it is left what is left of input, and of output.
 */
export function anthropicLimitHeaders(figures: LimitFigures, nowMs: number): Headers {
  const headers: Headers = []
  const add = (
    name: string,
    { limit, remaining, resetMs }: NonNullable<LimitFigures['tokens']>,
  ) => {
    // To the second, and never too early.
    const reset = new Date(Math.ceil((nowMs + resetMs) / 1_000) * 1_000)
    headers.push(`anthropic-ratelimit-${name}-limit`, String(limit))
    headers.push(`anthropic-ratelimit-${name}-remaining`, String(remaining))
    headers.push(`anthropic-ratelimit-${name}-reset`, reset.toISOString().replace('.000', ''))
  }
  if (figures.requests) add('requests', figures.requests)
  if (!figures.tokens) return headers
  for (const name of ['tokens', 'input-tokens', 'output-tokens']) add(name, figures.tokens)
  return headers
}
