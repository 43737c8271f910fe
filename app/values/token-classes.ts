/** Tokens by what they are charged as, in the order of a receipt. */
export const tokenClasses = ['input', 'cachedInput', 'cacheWrite', 'output'] as const
export type TokenClass = (typeof tokenClasses)[number]
