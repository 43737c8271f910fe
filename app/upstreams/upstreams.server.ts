/** The public face of the upstreams room: the providers that calls are forwarded to. */
export { AnswerBudget, type AnswerShare } from './answer-budget.ts'
export { ReadOns } from './read-ons.ts'
export type { Attempt, Candidates, Offered, Target, Wanted } from './candidates.ts'
export type { UpstreamAnswer } from './upstream.ts'
export { createUpstreams, type Upstreams } from './upstreams.ts'
