/** The public face of the relay: the endpoints, and how a call of one is answered. */
export { relay } from './relay.ts'
export { endpointAt, endpoints, servedKinds } from './endpoints.ts'
export type { Dialect } from './endpoint.ts'
export { testCall } from './testing/test-call.ts'
export type { TestedCall } from './testing/tested-call.ts'
export { messagesDialect } from './messages/dialect.ts'
export { openaiDialect } from './openai/dialect.ts'
export { prepareCounting } from './text/count-tokens.ts'
