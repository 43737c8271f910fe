/** The public face of the HTTP room: Node's messages on one side, Request and Response on the other. */
export { Answer, jsonAnswer, jsonType, type HeaderList } from './answer.ts'
export { AbortEmitter } from './abort-emitter.ts'
export type { Exchange } from './exchange.ts'
export { beginExchange, isPipelined, writeAnswer } from './adapter.ts'
export {
  clientAddress,
  passedAddress,
  tellClientAddress,
  toldClientAddress,
} from './client-address.ts'
export { createProxyDoubts } from './doubted-proxies.ts'
export { apiRequest, pathOf, readBody, type ApiRequest } from './request.ts'
export { BodyBroken, BodyCut, BodyTimeout, BodyTooLarge, EncodingUnknown } from './body-errors.ts'
export { AnswerTooLong, bounded } from './bounded-answer.ts'
export { readTarget } from './target.ts'
export { Connections } from './connections.ts'
export { closeOwnPort, drainServer, lull, type DrainLimits, type Intake } from './drain.ts'
export { proxiedAgent } from './proxied-agent.ts'
export { BodyBudget, type BodyShare } from './body-budget.ts'
export { ownTurn } from './own-turn.ts'
export { placeOf, Places } from './places.ts'
export { Pace } from './pace.ts'
export { Remembered } from './remembered.ts'
export { Shares } from './shares.ts'
