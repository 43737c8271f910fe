import { limits } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import { formatCallId } from '../values/call-id.ts'
import { mapKey, type CallFacts, type Settlement } from './ops.ts'

/**
 * Calls of this process whose end could not be booked. Each is closed as lost, at once and, where
 * that fails too, in the turns to come: the sweep leaves the holds of a living relay alone, so
 * nobody else would free them before this process ends. Once it has ended, the sweep does. Trying
 * again is harmless: a call that is closed already, or was never let in, stays as it is.
 */
export class GivenUp {
  private readonly calls = new Map<string, CallFacts>()

  constructor(
    private readonly lose: (facts: CallFacts) => Promise<Settlement>,
    private readonly callsMax: number,
    private readonly failed: Log['failed'],
  ) {}

  giveUp(facts: CallFacts, error: unknown) {
    const id = mapKey(facts.callId)
    if (this.calls.has(id)) return
    const call = formatCallId(facts.callId)
    this.failed('call_given_up', error, { call })
    if (this.calls.size < this.callsMax) this.calls.set(id, facts)
    else this.failed('given_up_full', error, { call })
    void this.close(id, facts)
  }

  /** One turn for those that still stand, the one that has waited longest first. */
  async tryAgain(): Promise<void> {
    let failures = 0
    for (const [id, facts] of [...this.calls]) {
      if (await this.close(id, facts)) continue
      this.calls.delete(id)
      this.calls.set(id, facts)
      if (++failures === limits.ledger.givenUpFailuresATurnMax) return
    }
  }

  private async close(id: string, facts: CallFacts): Promise<boolean> {
    try {
      await this.lose(facts)
    } catch (error) {
      this.failed('lose_failed', error, { call: formatCallId(facts.callId) })
      return false
    }
    this.calls.delete(id)
    return true
  }
}
