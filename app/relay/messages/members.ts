import type { Allowed } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { Members, membersOf as all, refuse, refuseFilled, type Member } from '../openai/members.ts'

/** What is told of members that buy something for which there is no price here. */
const unpriced = (...idle: unknown[]) => ({ ...refuse(...idle), instead: 'It has no price here.' })

const isOwnBill = (value: unknown) =>
  value === null ||
  (isObject(value) &&
    Object.keys(value).every((it) => it === 'type' || it === 'bill_to') &&
    [undefined, 'self'].includes(value.bill_to as undefined))

/** Anthropic's own (types of its package for Node, 1.14, with its betas). */
const anthropic: Record<string, Member> = {
  ...all('model max_tokens messages system tools tool_choice stream thinking', 'bounded'),
  // Turns in which a talk is compacted are charged besides, and held.
  ...all('cache_control context_management compaction', 'bounded'),
  ...all('metadata stop_sequences temperature top_p top_k output_config output_format', 'free'),
  ...all('diagnostics betas anthropic_beta fallback_credit_token', 'free'),
  // Whose profile it is, is the operator's to say.
  user_profile_id: refuse(),
  // Other models, another speed, another place, at other prices.
  fallbacks: { ...refuseFilled, instead: 'It has no price here.' },
  speed: unpriced('standard'),
  inference_geo: unpriced('global'),
  service_tier: unpriced('auto', 'standard_only'),
  // What runs or is kept at the provider, under the operator's account.
  mcp_servers: { ...refuseFilled, instead: 'It has no price here.' },
  ...all('container thread', { ...refuse(), instead: 'Nothing is kept at the provider.' }),
  billing_policy: { idle: isOwnBill, instead: 'It has no price here.' },
}

/** What gateways and servers that speak this dialect take besides, and what no hold covers. */
const elsewhere: Record<string, Member> = {
  ...all('models provider plugins guardrails', refuseFilled),
  ...all('context_window_fallbacks content_policy_fallbacks model_list', refuseFilled),
  ...all('route preset api_base base_url api_key api_version', refuse()),
  // Which of its keys, servers and makers LiteLLM takes.
  ...all('custom_llm_provider user_config litellm_credential_name', refuse()),
  ...all('aws_bedrock_runtime_endpoint', refuse()),
  ...all('extra_body extra_headers extra_query web_search_options search_parameters', refuseFilled),
  ...all('n best_of num_return_sequences num_beams', refuse(1)),
  ...all('enable_search web_search background use_beam_search ignore_eos', refuse(false)),
  ...all('max_completion_tokens max_output_tokens max_new_tokens num_predict', {
    ...refuse(),
    instead: "Say 'max_tokens'.",
  }),
  ...all('min_tokens num_retries max_retries', refuse(0)),
}

export const knownMembers = new Members({ ...elsewhere, ...anthropic })

/**
 * What is not known passes: its protocol for gateways asks for an open list, and all that is known
 * to cost more than its tokens is refused by name (docs/decisions/0036).
 */
export const openTo = (allowed: Allowed): Allowed => ({
  has: (name) => !knownMembers.has(name) || allowed.has(name),
})
