import type { UsageForm } from '../usage.ts'

/** Usage as responses have it: cached and written are parts of the input. */
export const responsesUsage: UsageForm = {
  sums: ['input_tokens', 'output_tokens', 'total_tokens'],
  write: ({ prompt, completion, cached, cacheWrite, reasoning }) => ({
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite },
    output_tokens: completion,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + completion,
  }),
}
