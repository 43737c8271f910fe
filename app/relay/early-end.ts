import { AbortEmitter } from '../http/http.server.ts'

/** Why a call is ended before its upstream has ended it. */
export type Cut = 'client' | 'revoked' | 'stalled' | 'timeout' | 'shutdown'

/** What can end a call early; made before its reservation, so that no revocation falls in between. */
export class EarlyEnd {
  /** Ends the request to the upstream, and its answer. */
  readonly signal = new AbortEmitter()
  /** Told first when the key is revoked; answers true where it sees to the end itself. */
  onRevoked: (() => boolean) | undefined
  private reason: Cut | undefined

  /** Who ended the call: the first to do so. */
  get by(): Cut | undefined {
    return this.reason
  }

  cut(by: Cut) {
    if (by === 'revoked' && this.onRevoked?.()) return
    this.note(by)
    this.signal.abort()
  }

  /** The call is over for this reason, and its upstream may go on for a while. */
  note(by: Cut) {
    this.reason ??= by
  }
}
