import type { Definition } from '../definition.ts'

/** Members by which upstreams tell the customers of one key apart, and share what they have cached. */
export const usualPseudonyms = ['user', 'prompt_cache_key', 'safety_identifier'] as const

/** Which members of a definition's calls go out as HMACs. */
export const pseudonymised = ({ members, kind, private: isOwn }: Definition): readonly string[] =>
  // Bodies of Anthropic's dialect go out as they came (docs/decisions/0036).
  members.pseudonymise ?? (isOwn || kind === 'anthropic' ? [] : usualPseudonyms)
