/** The public face of the upstreams room: the providers that calls are forwarded to. */
export { checkedLookup, reachOfHost } from './addresses.ts'
export { AnswerBudget, type AnswerShare } from './answer-budget.ts'
export { pseudonymised } from './pseudonyms/pseudonymised.ts'
export { Pseudonyms } from './pseudonyms/pseudonyms.ts'
export { ReadOns } from './read-ons.ts'
export { StoredAsks } from './stored-asks.ts'
export type { Attempt, AttemptFailure, Candidates, Target } from './choice/candidates.ts'
export { checkDefinition, unknownPaths } from './definition.ts'
export { UpstreamNews } from './news.ts'
export { UpstreamReader } from './reader.ts'
export {
  demoNames,
  environmentNames,
  environmentUpstreams,
  sealerOf,
  shownEnvironment,
} from './environment.ts'
export { tellsSecret } from './secrets.ts'
export type { Reach } from './choice/reach.ts'
export { readPresets } from './presets.ts'
export { type Sealer } from './seal.ts'
export type { AnswerBody } from './answer-body.ts'
export type { UpstreamAnswer } from './ask.ts'
export { hearUpstreams, refreshHolds } from './hear.ts'
export { holdUpstream } from './holds.ts'
export { readStates, tellStates, type BreakerReport } from './states.ts'
export {
  openUpstream,
  type OwnHeaders,
  type UpstreamCall,
  type UpstreamRuntime,
} from './upstream.ts'
export { Upstreams } from './upstreams.ts'
export { askForModels } from './their-models.ts'
export {
  changeUpstream,
  countParts,
  deleteKey,
  deleteModel,
  deleteUpstream,
  enableKey,
  insertKey,
  insertUpstream,
  putModel,
  readUpstreams,
  resealKeys,
  touchServing,
  touchUpstream,
  type Rotation,
  type StoredUpstream,
  type UpstreamRow,
} from './store.ts'
