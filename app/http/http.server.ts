/** The door of the HTTP room: Node's messages on one side, Request and Response on the other. */
export { Answer, jsonAnswer } from './answer.ts'
export { beginExchange, isPipelined, writeAnswer } from './adapter.ts'
export { nodeRequest, BodyCut, BodyTimeout, BodyTooLarge } from './request.ts'
export { guardPage } from '../pages/guard.ts'
export { drainServer } from './drain.ts'
export { createPassOn, type PassOn } from '../start/pass-on.ts'
export { watchReader, type Reader } from '../pages/reader.ts'
