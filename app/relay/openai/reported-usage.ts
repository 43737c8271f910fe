import { limits } from '../../config/limits.ts'
import type { Reported } from '../endpoint.ts'

const isTokens = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= limits.tokens.absurd

type Details = Record<string, unknown> | null | undefined

/** A figure of the details: absent is 0, nonsense is 0, more than its whole is its whole. */
function partOf(whole: number, values: unknown[]): { tokens: number; odd: boolean } {
  const given = values.find((value) => value !== undefined && value !== null)
  if (given === undefined) return { tokens: 0, odd: false }
  if (!isTokens(given)) return { tokens: 0, odd: true }
  return given > whole ? { tokens: whole, odd: true } : { tokens: given, odd: false }
}

/**
 * Reads a `usage` object (OpenAI's form: cached and written tokens are part of the prompt,
 * reasoning is part of the completion). An explicit 0 is a value. Answers undefined for what is no
 * usage object.
 */
export function readUsage(value: unknown): Reported | undefined {
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null ? undefined : { absurd: true }
  const usage = value as Record<string, unknown>
  const { prompt_tokens: input, completion_tokens: output } = usage
  if (input === undefined || output === undefined) return undefined
  if (!isTokens(input) || !isTokens(output)) return { absurd: true }
  const inputDetails = usage.prompt_tokens_details as Details
  const outputDetails = usage.completion_tokens_details as Details
  const cached = partOf(input, [inputDetails?.cached_tokens, usage.prompt_cache_hit_tokens])
  const written = partOf(input - cached.tokens, [
    inputDetails?.cache_write_tokens,
    inputDetails?.cache_creation_tokens,
    usage.cache_creation_input_tokens,
  ])
  const reasoning = partOf(output, [outputDetails?.reasoning_tokens])
  const odd = cached.odd || written.odd || reasoning.odd
  return {
    usage: {
      inputTokens: input,
      cachedTokens: cached.tokens,
      cacheWriteTokens: written.tokens,
      outputTokens: output,
      reasoningTokens: reasoning.tokens,
      source: 'upstream',
      flag: odd ? 'clamped' : null,
    },
  }
}
