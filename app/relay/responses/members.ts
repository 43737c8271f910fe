import {
  Members,
  membersOf as all,
  ownModeration,
  refuse,
  refuseFilled,
  valueWithin,
  type Member,
} from '../openai/members.ts'

/**
 * OpenAI's own (types of its package for Node, 7.57; API reference, "Create a model response"), and
 * what its agent says beside them.
 */
export const responsesMembers: Record<string, Member> = {
  ...all('model input instructions stream', 'bounded'),
  // They limit the answer; thoughts are part of it, and of its limit.
  ...all('max_output_tokens max_tool_calls reasoning', 'bounded'),
  // They make a plain answer longer than it can be.
  ...all('top_logprobs include', 'bounded'),
  // What the model reads, and tools: those that the upstream runs are refused by their types.
  ...all('tools text', 'bounded'),
  // What was said before is read again: the hold is for all that the model reads.
  ...all('previous_response_id conversation store', 'bounded'),
  service_tier: 'priced',
  ...all('temperature top_p truncation tool_choice parallel_tool_calls stream_options', 'free'),
  // What is written to a cache has a price of its own, and the hold takes the dearest there is.
  ...all('prompt_cache_key prompt_cache_retention', 'free'),
  prompt_cache_options: {
    idle: (value) =>
      value === null ||
      (typeof value === 'object' &&
        [undefined, null, '30m'].includes(valueWithin(value, 'ttl') as string | null | undefined) &&
        !Object.keys(value).some((name) => name.includes('\\') || /^comparison/i.test(name))),
    instead: "What is written stays for '30m', and is compared with nothing.",
  },
  ...all('metadata user safety_identifier client_metadata image', 'free'),
  // An answer that is fetched later is one that nobody meters.
  background: { ...refuse(false), instead: 'Ask for a stream.' },
  // What a template holds is the operator's, and of any length.
  prompt: refuse(),
  // Compacts what it has read on its own, and nobody knows what that costs.
  context_management: { ...refuseFilled, instead: 'Call /v1/responses/compact.' },
  access_programs: refuseFilled,
  moderation: ownModeration,
}

/** The same, as requests are checked by it. */
export const knownResponsesMembers = new Members(responsesMembers)

const notOfCompaction = new Set([
  'stream',
  'stream_options',
  'max_output_tokens',
  'max_tool_calls',
  'conversation',
])

/** Of a compaction, which is always plain and has no limit; its agent sends all that a call has. */
export const knownCompactMembers = new Members(
  Object.fromEntries(
    Object.entries(responsesMembers).filter(([name]) => !notOfCompaction.has(name)),
  ),
)
