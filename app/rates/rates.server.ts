/** The public face of the limits room: how many requests, tokens and calls at once. */
export { removeLimit, setLimit, type Subject } from './change.ts'
export { anthropicLimitHeaders, openaiLimitHeaders } from './headers.ts'
export { InputShares } from './input-shares.ts'
export { Limiter, type Wish } from './limiter.ts'
export { Pass, type LimitFigures, type Limited } from './pass.ts'
export { refusedByLimit } from './refused.ts'
export type { Figures } from './rule.ts'
export { hearLimits, listLimits, Rules } from './rules.ts'
