/** The public face of the HTTP room: Node's messages on one side, Request and Response on the other. */
export { Answer, jsonAnswer } from './answer.ts'
export { AbortEmitter } from './abort-emitter.ts'
export type { Exchange } from './exchange.ts'
export { beginExchange, isPipelined, writeAnswer } from './adapter.ts'
export {
  apiRequest,
  pathOf,
  BodyCut,
  BodyTimeout,
  BodyTooLarge,
  type ApiRequest,
} from './request.ts'
export { drainServer } from './drain.ts'
