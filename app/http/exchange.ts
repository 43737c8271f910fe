import type { AbortEmitter } from './abort-emitter.ts'

/** One request and its answer, as the adapter sees them. */
export type Exchange = {
  /** UUIDv7: the request id, and the id of the call if it becomes one. */
  callId: Buffer
  requestId: string
  startedAt: Date
  /** Where it came from, as `clientAddress` has it. */
  clientAddress: string
  /** On the clock that never jumps; only differences mean anything. */
  startedMs: number
  /** Aborts when the client's socket closes before the answer is out. */
  gone: AbortEmitter
  /** It has become a call, which has a row of its own. */
  wasLetIn?: true
}
