import type { Script } from './script.ts'

/** What a call really used. Cached and cache-write are part of prompt, reasoning of completion. */
export type Counts = {
  prompt: number
  completion: number
  cached: number
  cacheWrite: number
  reasoning: number
}

export type UsageObject = Record<string, unknown>

/** The usage object as OpenAI writes it, unless the script wants it absurd or all zeros. */
export function usageOf(counts: Counts, script: Script): UsageObject {
  if (script.has('zero-usage')) {
    return honest({ prompt: 0, completion: 0, cached: 0, cacheWrite: 0, reasoning: 0 })
  }
  if (!script.has('absurd-usage')) return honest(counts)
  return absurd(counts, script.get('absurd-usage') ?? '')
}

/** The numbers of a usage report that comes before its time: half of everything. */
export function halved(counts: Counts): Counts {
  const half = (count: number) => Math.floor(count / 2)
  return {
    prompt: half(counts.prompt),
    completion: half(counts.completion),
    cached: half(counts.cached),
    cacheWrite: half(counts.cacheWrite),
    reasoning: half(counts.reasoning),
  }
}

function honest({ prompt, completion, cached, cacheWrite, reasoning }: Counts): UsageObject {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cached,
      audio_tokens: 0,
      ...(cacheWrite > 0 && { cache_write_tokens: cacheWrite }),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function absurd(counts: Counts, kind: string): UsageObject {
  if (kind === 'cached-over') return honest({ ...counts, cached: counts.prompt + 1000 })
  if (kind === 'overrun') return honest({ ...counts, completion: counts.completion * 10 })
  const distort = distortions[kind] ?? negative
  return {
    ...honest(counts),
    prompt_tokens: distort(counts.prompt),
    completion_tokens: distort(counts.completion),
    total_tokens: distort(counts.prompt + counts.completion),
  }
}

const negative = (count: number) => -count

const distortions: Record<string, (count: number) => unknown> = {
  negative,
  nan: () => 'NaN',
  huge: () => 1e18,
  float: (count) => count + 0.5,
  string: String,
  null: () => null,
}
