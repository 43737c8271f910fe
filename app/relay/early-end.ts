import { AbortEmitter } from '../http/http.server.ts'

/** Why a call is ended before its upstream has ended it. */
export type Cut = 'client' | 'revoked' | 'stalled' | 'timeout' | 'shutdown'

/** What can end a call early; made before its reservation, so that no revocation falls in between. */
export class EarlyEnd {
  /** Told first when the key is revoked; answers true where it sees to the end itself. */
  onRevoked: (() => boolean) | undefined
  /** The call may run to its end, and is not to be asked of anybody else any more. */
  isLastTry = false
  private reason: Cut | undefined
  private current = new AbortEmitter()

  /** Who ended the call: the first to do so. */
  get by(): Cut | undefined {
    return this.reason
  }

  /** Ends the attempt under way, and its answer. */
  get signal(): AbortEmitter {
    return this.current
  }

  cut(by: Cut) {
    if (by === 'revoked' && this.onRevoked?.()) return
    this.note(by)
    this.current.abort()
  }

  /** The call is over for this reason, and its upstream may go on for a while. */
  note(by: Cut) {
    this.reason ??= by
  }

  /** The next attempt can be ended like the one before it, which is over. */
  beginAnother() {
    this.current = new AbortEmitter()
  }
}
