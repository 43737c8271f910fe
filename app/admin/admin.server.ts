/** The public face of the admin room: what an operator changes, each change with its row in the log. */
export { logAdmin } from './log.ts'
export {
  addUpstream,
  addUpstreamKey,
  enableUpstreamKey,
  removeUpstream,
  removeUpstreamKey,
  rotateKeys,
  serveModel,
  setUpstream,
  unserveModel,
  type GivenKey,
} from './upstreams.ts'
export { addAlias, addModel, addPrice, enableModel, removeAlias, sellAtCost } from './catalog.ts'
