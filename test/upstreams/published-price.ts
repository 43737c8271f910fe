import anthropic from '../../app/catalog/anthropic-prices.json' with { type: 'json' }
import openai from '../../app/catalog/openai-prices.json' with { type: 'json' }
import type { Served } from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { present } from '../present.ts'

type Rates = Record<'input' | 'output', number> &
  Partial<Record<'cached_input' | 'cache_write' | 'cache_write_1h' | 'searches', number | null>>
type Listed = Rates & { model: string; tiers?: (Rates & { up_to_input_tokens: number | null })[] }

const all: Listed[] = [...openai.models, ...anthropic.models]

/**
 * What the published prices make of all that an upstream has counted, in nano-dollars: tokens of
 * every class, and searches. A part of a nano-dollar is charged whole. Shares no code with the
 * program.
 */
export function publishedPrice(model: string, served: Served): number {
  const listed = present(all.find((it) => it.model === model))
  const { promptTokens, cachedTokens, cacheWriteTokens, cacheWrite1hTokens } = served
  const isFor = (most: number | null) => promptTokens <= (most ?? Infinity)
  const rates = listed.tiers?.find((tier) => isFor(tier.up_to_input_tokens)) ?? listed
  const { input, output, cached_input, cache_write, cache_write_1h } = rates
  const lines: [count: number, rate: number][] = [
    [promptTokens - cachedTokens - cacheWriteTokens, input],
    [cachedTokens, cached_input ?? input],
    [cacheWriteTokens - cacheWrite1hTokens, cache_write ?? input],
    [cacheWrite1hTokens, cache_write_1h ?? cache_write ?? input],
    [served.completionTokens, output],
    [served.searches, listed.searches ?? rates.searches ?? 0],
  ]
  const millionths = lines.reduce((sum, [count, rate]) => sum + BigInt(count) * BigInt(rate), 0n)
  return Number((millionths + 999_999n) / 1_000_000n)
}
