/** What an operator has opened by hand: all of an upstream, one key of it, one model, or both. */
export type Hold = { upstream: string; key: string | null; model: string | null }
