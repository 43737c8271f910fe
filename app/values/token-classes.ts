/** Tokens by what they are charged as. */
export type TokenClass = 'input' | 'cachedInput' | 'cacheWrite' | 'output'
