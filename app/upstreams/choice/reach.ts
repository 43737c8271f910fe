import type { UpstreamAnswer } from '../ask.ts'
import type { KeyPlace } from './key-place.ts'
import type { UpstreamPlace } from './place.ts'
import { tellsSecret } from '../secrets.ts'
import type { UpstreamCall } from '../upstream.ts'

/** An upstream with one of its keys, beside all choice: for what lies there and nowhere else. */
export type Reach = {
  /** An operator has said that nothing goes there. */
  readonly isOff: boolean
  /** Whether its definition has this endpoint. */
  has(path: string): boolean
  /** Rejects with undici's error when no answer came. */
  send(call: UpstreamCall, theirName: string): Promise<UpstreamAnswer>
  /** Whether a text from there tells the key that was sent: nobody may read it then. */
  tells(text: string): boolean
}

/** No breaker hears of it: that an answer is not there says nothing of calls. */
export const reachOf = ({ runtime, load }: UpstreamPlace, { headers }: KeyPlace): Reach => ({
  isOff: load.isOff,
  has: (path) => Object.hasOwn(runtime.definition.paths, path),
  send: (call, theirName) => runtime.send(call, headers, theirName),
  tells: (text) => tellsSecret(text, headers, runtime.definition.credential?.header),
})
