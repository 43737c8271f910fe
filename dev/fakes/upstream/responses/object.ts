import { tagMark } from '../frames.ts'
import type { Script } from '../script.ts'
import { scaled, usageOf, type Counts, type UsageObject } from '../usage.ts'
import type { Output } from './output.ts'
import type { ResponseRequest } from './request.ts'
import { responsesUsage } from './usage.ts'

type Members = Record<string, unknown>

/** The id of an answer, by what is new in it. */
export const responseId = (tag: string) => `resp_demo${tag}`

const made = 1_735_689_600

/** A response while it is made: everything but what has come of it. */
export function inProgress(request: ResponseRequest, usage: UsageObject | null = null): Members {
  const { body } = request
  return {
    id: responseId(tagMark),
    object: 'response',
    access_programs: null,
    created_at: made,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    metadata: body.metadata ?? {},
    model: request.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: request.previousId ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: body.reasoning ?? { effort: null, summary: null },
    service_tier: typeof body.service_tier === 'string' ? body.service_tier : 'default',
    store: request.stored,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: request.tools,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage,
  }
}

type End = {
  status: 'completed' | 'incomplete' | 'failed'
  /** What was used until then; null where nothing is said of it. */
  counts: Counts | null
}

/** The response when it has come to its end. */
export function ended(
  request: ResponseRequest,
  { script, output }: { script: Script; output: Output },
  { status, counts }: End,
): { response: Members; usage: UsageObject | null } {
  const says = counts !== null && !script.has('no-usage')
  const usage = says ? usageFor(counts, script) : null
  const searches = output.counts.searches
  const tells = searches > 0 && says && !script.has('no-tool-usage')
  const { usage: _, ...rest } = inProgress(request)
  const response = {
    ...rest,
    status,
    ...(status === 'failed' ? failure : { output: output.items.map((item) => item.whole) }),
    ...(status === 'incomplete' && { incomplete_details: { reason: reasonOf(script, output) } }),
    ...(usage ? { usage } : status === 'failed' && { usage: null }),
    ...(tells && { tool_usage: { ...noImages, web_search: { num_requests: searches } } }),
  }
  return { response, usage }
}

const noTokens = { image_tokens: 0, text_tokens: 0 }
const noImages = {
  image_gen: {
    input_tokens: 0,
    input_tokens_details: noTokens,
    output_tokens: 0,
    output_tokens_details: noTokens,
    total_tokens: 0,
  },
}

const failure = {
  error: { code: 'server_error', message: 'The model failed to answer. Try again.' },
}

function reasonOf(script: Script, { isWhole }: Output): string {
  if (!isWhole) return 'max_output_tokens'
  return script.get('incomplete') === '' ? 'content_filter' : (script.get('incomplete') ?? '')
}

function usageFor(counts: Counts, script: Script): UsageObject {
  const usage = usageOf(counts, script, responsesUsage)
  if (!script.has('usage-nulls')) return usage
  return { ...usage, input_tokens_details: null, output_tokens_details: null }
}

/** What a response that is not at its end says was used, where the script wants it to say so. */
export function earlyUsage(counts: Counts, script: Script): UsageObject | null {
  if (script.has('no-usage')) return null
  if (script.has('usage-late')) return responsesUsage.write(scaled(counts, 0))
  if (script.has('usage-falling')) return responsesUsage.write(scaled(counts, 2))
  return null
}
