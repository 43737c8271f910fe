import type { Unit } from '../values/units.ts'
import { Unreadable } from './numerals.ts'

/** What each price of LiteLLM's is the price of one of; all are dollars for one. */
const unitOf: Record<string, Unit> = {
  input_cost_per_token: 'input',
  output_cost_per_token: 'output',
  cache_read_input_token_cost: 'cachedInput',
  input_cost_per_token_cache_hit: 'cachedInput',
  cache_creation_input_token_cost: 'cacheWrite',
  cache_creation_input_token_cost_above_1hr: 'cacheWrite1h',
  output_cost_per_reasoning_token: 'reasoning',
  input_cost_per_audio_token: 'inputAudio',
  cache_read_input_audio_token_cost: 'cachedInputAudio',
  cache_read_input_token_cost_per_audio_token: 'cachedInputAudio',
  output_cost_per_audio_token: 'outputAudio',
  input_cost_per_image_token: 'inputImage',
  output_cost_per_image_token: 'outputImage',
  output_cost_per_image: 'images',
  input_cost_per_second: 'seconds',
  input_cost_per_audio_per_second: 'seconds',
  output_cost_per_second: 'seconds',
  input_cost_per_character: 'characters',
  input_cost_per_request: 'requests',
  input_cost_per_query: 'requests',
}

/** The same tokens under the price of what they are part of: no loss where that is their price. */
const chargedAs: Record<string, Unit> = {
  cache_creation_input_audio_token_cost: 'cacheWrite',
  cache_read_input_image_token_cost: 'cachedInput',
  input_cost_per_video_token: 'input',
  output_cost_per_video_token: 'output',
  citation_cost_per_token: 'output',
}

/**
 * What no call that is let through can use: tools that the upstream runs by itself are refused
 * (docs/decisions/0016), and what is stored there belongs to endpoints that are not served. What
 * other regions cost is another upstream's price.
 */
const neverUsed =
  /^(?:code_interpreter|computer_use|file_search|vector_store|google_maps|guardrail|regional)_/

/**
 * Prices of another way to call, which is not served here, or the same in another currency; and
 * what is read apart from the rest.
 */
const apart = /_batches$|_dbu_cost_per_token$|^search_context_cost_per_query$/

export type Key =
  | { is: 'rate' | 'part'; unit: Unit; above: number; service: string | null; name: string }
  | { is: 'apart' | 'never' }

const form = /^(.+?)(?:_above_(\d{1,6})k_tokens)?(?:_(priority|flex))?$/

/** What a member of LiteLLM's map is; undefined where it is no price. */
export function keyOf(name: string): Key | undefined {
  if (!/(?:^|_)(?:cost|pricing|price|multiplier)(?:_|$)/.test(name)) return undefined
  if (apart.test(name)) return { is: 'apart' }
  if (neverUsed.test(name)) return { is: 'never' }
  const [, base = '', thousands, service = null] = form.exec(name) ?? []
  const above = Number(thousands ?? 0) * 1_000
  if (Object.hasOwn(unitOf, base) && unitOf[base])
    return { is: 'rate', unit: unitOf[base], above, service, name: base }
  if (Object.hasOwn(chargedAs, base) && chargedAs[base])
    return { is: 'part', unit: chargedAs[base], above, service, name: base }
  throw new Unreadable(`nothing here is charged by ${name.slice(0, 80)}`)
}

/** Providers as genai-prices names them, so that one list has one name wherever it comes from. */
const providers: Record<string, string> = {
  'text-completion-openai': 'openai',
  bedrock: 'aws',
  bedrock_converse: 'aws',
  cohere_chat: 'cohere',
  fireworks_ai: 'fireworks',
  gemini: 'google',
  github_copilot: 'github-copilot',
  moonshot: 'moonshotai',
  together_ai: 'together',
  voyage: 'voyageai',
  xai: 'x-ai',
}

/** The provider of an entry, and what the provider itself calls the model. */
export function nameOf(key: string, provider: string): { provider: string; model: string } {
  const plain = provider.toLowerCase()
  const prefix = `${provider}/`
  const model = key.startsWith(prefix) ? key.slice(prefix.length) : key
  return { provider: Object.hasOwn(providers, plain) ? (providers[plain] ?? plain) : plain, model }
}
