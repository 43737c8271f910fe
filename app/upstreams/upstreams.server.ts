/** The public face of the upstreams room: the providers that calls are forwarded to. */
export { AnswerBudget, type AnswerShare } from './answer-budget.ts'
export { ReadOns } from './read-ons.ts'
export { createUpstream, type Upstream, type UpstreamAnswer } from './upstream.ts'
