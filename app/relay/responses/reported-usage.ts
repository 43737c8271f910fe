import type { Reasoning, Reported } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { readUsage } from '../openai/reported-usage.ts'
import { isCount } from '../text/tokens.ts'

/** What of an answer says how much it has used: `usage`, and the tools that the upstream has run. */
type Answer = { usage?: unknown; tool_usage?: unknown; output?: unknown }

/**
 * Whether an item is a search that providers charge for: to open a page that was found, or to look
 * into it, is none.
 */
export function isSearch(item: unknown): boolean {
  if (!isObject(item) || item.type !== 'web_search_call' || item.status === 'failed') return false
  const kind = isObject(item.action) ? item.action.type : undefined
  return kind === undefined || kind === 'search'
}

/** As the upstream has counted them, else those that stand in its output. */
function searchesIn({ tool_usage: tools, output }: Answer): { searches: number; isOdd: boolean } {
  const said = isObject(tools) && isObject(tools.web_search) ? tools.web_search.num_requests : null
  if (isCount(said)) return { searches: said, isOdd: false }
  const searches = Array.isArray(output) ? output.filter(isSearch).length : 0
  return { searches, isOdd: said !== null && said !== undefined }
}

/**
 * The figures of an answer, whose parts have other names here than in a completion and mean the
 * same: what was cached and written is part of the input, and thoughts of the output.
 */
export function readResponsesUsage(answer: Answer, how: Reasoning): Reported | undefined {
  const { usage } = answer
  if (!isObject(usage)) return readUsage(usage ?? undefined, how)
  const reported = readUsage(
    {
      prompt_tokens: usage.input_tokens,
      completion_tokens: usage.output_tokens,
      total_tokens: usage.total_tokens,
      prompt_tokens_details: usage.input_tokens_details,
      completion_tokens_details: usage.output_tokens_details,
    },
    how,
  )
  if (!reported || !('usage' in reported)) return reported
  const { searches, isOdd } = searchesIn(answer)
  if (isOdd) reported.usage.flag ??= 'clamped'
  if (searches > 0) reported.usage.more = { ...reported.usage.more, searches }
  return reported
}
