import type { Script } from '../script.ts'
import { scaled, usageOf, type Counts, type UsageForm, type UsageObject } from '../usage.ts'
import type { Output } from './output.ts'

/** Usage as messages have it: cached and written stand beside the input. */
const messagesUsage: UsageForm = {
  sums: ['input_tokens', 'output_tokens'],
  write: ({ prompt, completion, cached, cacheWrite, cacheWrite1h, reasoning, searches }) => ({
    input_tokens: Math.max(0, prompt - cached - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cached,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWrite - cacheWrite1h,
      ephemeral_1h_input_tokens: cacheWrite1h,
    },
    output_tokens: completion,
    output_tokens_details: reasoning > 0 ? { thinking_tokens: reasoning } : null,
    server_tool_use: searches > 0 ? { web_search_requests: searches, web_fetch_requests: 0 } : null,
    service_tier: 'standard',
    speed: 'standard',
    inference_geo: null,
  }),
}

/** What a plain message says was used. */
export function plainUsage({ own, compacted }: Output, script: Script): UsageObject | null {
  if (script.has('no-usage')) return null
  return { ...usageOf(own, script, messagesUsage), ...iterations(own, compacted) }
}

/** What the first event says of it: the input, and the first token. */
export function firstUsage({ own }: Output, script: Script): UsageObject | null {
  if (script.has('no-usage')) return null
  const begun = { ...own, completion: Math.min(own.completion, 1), reasoning: 0, searches: 0 }
  if (script.has('usage-late')) return messagesUsage.write(scaled(own, 0))
  if (script.has('usage-falling')) return messagesUsage.write(scaled(own, 2))
  return usageOf(begun, script, messagesUsage)
}

/** What the last but one says: the sums of all, where it does not leave the input to the first. */
export function lastUsage({ own, compacted }: Output, script: Script): UsageObject | null {
  if (script.has('no-usage')) return null
  const { cache_creation, service_tier, speed, inference_geo, ...all } = usageOf(
    own,
    script,
    messagesUsage,
  )
  const input = script.has('usage-nulls')
    ? { input_tokens: null, cache_creation_input_tokens: null, cache_read_input_tokens: null }
    : {}
  // What is kept for an hour is said again only where the first event had it wrong.
  const isSaidAgain = script.has('usage-late') || script.has('usage-falling')
  const written = isSaidAgain ? { cache_creation } : {}
  return { ...all, ...input, ...written, ...iterations(own, compacted) }
}

/** Usage as it stands after both: of each member the last that was said. */
export function mergedUsage(first: UsageObject | null, last: UsageObject | null) {
  if (!first || !last) return last ?? first
  const said = Object.entries(last).filter(([, value]) => value !== null)
  return { ...first, ...Object.fromEntries(said) }
}

function iterations(own: Counts, compacted: Output['compacted']): UsageObject {
  if (!compacted) return {}
  const turn = (type: string, input: number, output: number) => ({
    type,
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_creation: null,
  })
  const compaction = turn('compaction', compacted.input, compacted.output)
  return { iterations: [compaction, turn('message', own.prompt, own.completion)] }
}
