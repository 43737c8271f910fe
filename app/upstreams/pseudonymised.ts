import type { Definition } from './definition.ts'

/** Members by which upstreams tell the customers of one key apart, and share what they have cached. */
export const usualPseudonyms = ['user', 'prompt_cache_key', 'safety_identifier'] as const

/** Which members of a definition's calls go out as HMACs. */
export const pseudonymised = ({ members, private: isOwn }: Definition): readonly string[] =>
  members.pseudonymise ?? (isOwn ? [] : usualPseudonyms)
