import {
  Members,
  membersOf as all,
  ownModeration,
  refuse,
  refuseFilled,
  valueWithin,
  type Member,
} from '../openai/members.ts'

/** Those in which a client can name a limit. */
export const limitNames = ['max_tokens', 'max_completion_tokens'] as const

/** OpenAI's own (types of its package for Node, 6.49; API reference, "Create chat completion"). */
const openai: Record<string, Member> = {
  ...all('model messages', 'bounded'),
  // They limit the answer, or multiply it.
  ...all('max_tokens max_completion_tokens n prediction stream stream_options', 'bounded'),
  // They make a plain answer longer than it can be.
  ...all('logprobs top_logprobs', 'bounded'),
  // How much a model thinks, as other makers and servers have it; see thinking.ts.
  ...all('thinking reasoning chat_template_kwargs', 'bounded'),
  // Text that the model reads; tools that the upstream runs are refused by their types.
  ...all('tools functions response_format', 'bounded'),
  service_tier: 'priced',
  ...all('temperature top_p frequency_penalty presence_penalty logit_bias seed stop', 'free'),
  ...all('tool_choice function_call parallel_tool_calls', 'free'),
  // More thought is more output, which the limit bounds and the usage reports; see thinking.ts.
  ...all('reasoning_effort verbosity', 'free'),
  // In which form thoughts are said (OpenRouter, Groq, MiniMax, SGLang).
  ...all('include_reasoning reasoning_format reasoning_split', 'free'),
  ...all('separate_reasoning stream_reasoning', 'free'),
  // What is written to a cache has a price of its own, and the hold takes the dearest there is.
  ...all('prompt_cache_key prompt_cache_options prompt_cache_retention', 'free'),
  ...all('metadata user safety_identifier', 'free'),
  // Kept under the operator's account, where no customer can list or delete it.
  store: { ...refuse(false), instead: 'Nothing is stored.' },
  // A fee for each search, and pages that the model reads.
  web_search_options: refuse(),
  // Sound and pictures in an answer have prices of their own.
  audio: refuse(),
  modalities: {
    idle: (value) => value === null || [value].flat().every((kind) => kind === 'text'),
    instead: 'Answers are text.',
  },
  moderation: ownModeration,
}

/** How common servers choose the next token: vLLM, SGLang, llama.cpp, Ollama, Mistral, OpenRouter. */
export const sampling: Record<string, Member> = {
  ...all('top_k top_a min_p typical_p tfs tfs_z top_n_sigma epsilon_cutoff eta_cutoff', 'free'),
  ...all('repetition_penalty repeat_penalty repeat_last_n no_repeat_ngram_size', 'free'),
  ...all('length_penalty penalty_alpha do_sample random_seed samplers sampler_priority', 'free'),
  ...all('mirostat mirostat_mode mirostat_tau mirostat_eta temperature_last', 'free'),
  ...all('dynamic_temperature dynatemp_low dynatemp_high', 'free'),
  ...all('dynatemp_range dynatemp_exponent smoothing_factor smoothing_curve', 'free'),
  ...all('xtc_probability xtc_threshold dry_multiplier dry_base dry_allowed_length', 'free'),
  ...all('dry_penalty_last_n dry_sequence_breakers', 'free'),
  ...all('stop_token_ids include_stop_str_in_output bad_words allowed_token_ids', 'free'),
  ...all('skip_special_tokens spaces_between_special_tokens', 'free'),
  ...all('guided_json guided_regex guided_choice guided_grammar grammar', 'free'),
}

const anotherLimit = {
  ...refuse(),
  instead: "Say 'max_completion_tokens' or 'max_tokens'.",
}

/** What gateways and servers take beside OpenAI's own, and what no hold covers. */
export const elsewhere: Record<string, Member> = {
  // Other models, other hosts of a model, more tries (OpenRouter, LiteLLM).
  ...all('models fallbacks context_window_fallbacks content_policy_fallbacks', refuseFilled),
  ...all('provider plugins mcp_servers guardrails', refuseFilled),
  ...all('route preset model_list custom_llm_provider', refuse()),
  ...all('api_base base_url api_key api_version', refuse()),
  ...all('num_retries max_retries', refuse(0)),
  // LiteLLM puts what is in it at the top of its own request.
  ...all('extra_body extra_headers extra_query', refuseFilled),
  // Searches (xAI, Qwen); one agent always says that it wants none.
  search_parameters: {
    idle: (value) => value === null || valueWithin(value, 'mode') === 'off',
  },
  ...all('enable_search web_search', refuse(false)),
  // An answer that is fetched later is one that nobody meters (xAI).
  ...all('deferred background', refuse(false)),
  // Limits by other names, which may overrule the one that the hold covers.
  ...all('n_predict num_predict max_output_tokens max_new_tokens', anotherLimit),
  ...all('max_length max_gen_len max_gen_toks', anotherLimit),
  ...all('min_tokens min_new_tokens min_length', refuse(0)),
  ignore_eos: refuse(false),
  // Qwen's own servers leave thoughts out of the limit of the answer.
  enable_thinking: { ...refuse(false), instead: "Say 'reasoning_effort'." },
  thinking_budget: refuse(0),
  // More answers than are asked for.
  ...all('best_of num_return_sequences num_beams beam_width candidate_count n_cmpl', refuse(1)),
  use_beam_search: refuse(false),
  // Words put in front by the server (Mistral), or the prompt said back (vLLM).
  ...all('safe_prompt echo', refuse(false)),
  prompt_logprobs: refuse(false),
}

/** Every member of a chat completion whose effect on its cost is known. */
export const chatMembers: Record<string, Member> = { ...elsewhere, ...sampling, ...openai }

/** The same, as requests are checked by it. */
export const knownChatMembers = new Members(chatMembers)
