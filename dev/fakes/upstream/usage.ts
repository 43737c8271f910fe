import type { Script } from './script.ts'

/**
 * What a call really used. Cached and written are parts of the prompt, what was written for an
 * hour of what was written; reasoning is part of the completion.
 */
export type Counts = {
  prompt: number
  completion: number
  cached: number
  cacheWrite: number
  cacheWrite1h: number
  reasoning: number
  searches: number
}

export const noCounts: Counts = {
  prompt: 0,
  completion: 0,
  cached: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  searches: 0,
}

export type UsageObject = Record<string, unknown>

/** How an endpoint writes its usage, and which of its members are the sums. */
export type UsageForm = {
  write(counts: Counts): UsageObject
  sums: readonly string[]
}

/** The usage object as the provider writes it, unless the script wants it absurd or all zeros. */
export function usageOf(counts: Counts, script: Script, form: UsageForm): UsageObject {
  if (script.has('zero-usage')) return form.write(noCounts)
  if (!script.has('absurd-usage')) return form.write(counts)
  return absurd(counts, script.get('absurd-usage') ?? '', form)
}

/** The numbers of a usage report that comes before its time: half of everything. */
export const halved = (counts: Counts): Counts => scaled(counts, 0.5)

/** All counts times a factor, whole. */
export function scaled(counts: Counts, factor: number): Counts {
  const of = (count: number) => Math.floor(count * factor)
  return {
    prompt: of(counts.prompt),
    completion: of(counts.completion),
    cached: of(counts.cached),
    cacheWrite: of(counts.cacheWrite),
    cacheWrite1h: of(counts.cacheWrite1h),
    reasoning: of(counts.reasoning),
    searches: of(counts.searches),
  }
}

/** Usage as chat completions have it. */
export const chatUsage: UsageForm = {
  sums: ['prompt_tokens', 'completion_tokens', 'total_tokens'],
  write: ({ prompt, completion, cached, cacheWrite, reasoning }) => ({
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
  }),
}

function absurd(counts: Counts, kind: string, { write, sums }: UsageForm): UsageObject {
  if (kind === 'cached-over') return write({ ...counts, cached: counts.prompt + 1000 })
  if (kind === 'overrun') return write({ ...counts, completion: counts.completion * 10 })
  const distort = distortions[kind] ?? negative
  const honest = write(counts)
  const distorted = sums.map((name) => [name, distort(Number(honest[name]))])
  return { ...honest, ...Object.fromEntries(distorted) }
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
