import { limits } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import { formatCallId } from '../values/call-id.ts'
import { mapKey, type CallFacts, type LoseOp, type Settlement, type SettleOp } from './ops.ts'

/** When a turn is taken, by the process's clock, and whether this is the last before its end. */
export type Turn = { nowMs?: number; isLast?: boolean }

type Kept = {
  facts: CallFacts
  /** What is still hoped to be booked; without it the call is closed as lost. */
  settlement: SettleOp | undefined
  /** Its failure may be the database's, so that it is never given up for it. */
  isUnable: boolean
  tries: number
  dueMs: number
  /** The answer to whoever asked for the settlement. */
  end: Promise<Settlement>
  resolve(settlement: Settlement): void
  reject(error: unknown): void
}

/**
 * Calls of this process whose end could not be booked. A settlement that the database refuses is
 * kept with its bill, for what was wrong may be mended, and tried again, ever more seldom; the hold
 * stands meanwhile. One that stays refused is closed as lost, as are calls whose bill cannot be
 * made; where that fails too, in the turns to come: the sweep leaves the holds of a living relay
 * alone, so nobody else would free them before this process ends. Once it has ended, the sweep
 * does. Trying again is harmless: a call that is closed already, or was never let in, stays so.
 */
export class GivenUp {
  private readonly calls = new Map<string, Kept>()
  /** How many settlements are kept of an account. */
  private readonly owing = new Map<number, number>()
  /** Those of them that were kept since a settlement came through. */
  private readonly inARow = new Set<number>()

  constructor(
    private readonly book: (op: SettleOp | LoseOp) => Promise<Settlement>,
    private readonly callsMax: number,
    private readonly failed: Log['failed'],
    /** Hears of each bill that is tried no more. */
    private readonly lose: (op: SettleOp) => void,
  ) {}

  /** The bills that are kept to be tried again. */
  owed(): SettleOp[] {
    return [...this.calls.values()].flatMap(({ settlement }) => settlement ?? [])
  }

  /** Closes a call as lost. */
  giveUp(facts: CallFacts, error: unknown) {
    const id = mapKey(facts.callId)
    if (this.calls.has(id)) return
    this.failed('call_given_up', error, { call: formatCallId(facts.callId) })
    const kept = this.add(facts, error)
    void this.close(id, kept)
  }

  /** Keeps a settlement that was refused; one that there is no room for is given up. */
  keep(settlement: SettleOp, error: Error, isUnable: boolean) {
    const { facts } = settlement
    if (this.calls.has(mapKey(facts.callId))) return
    if (this.calls.size >= this.callsMax) {
      this.lose(settlement)
      return this.giveUp(facts, error)
    }
    this.failed('settle_failed', error, { call: formatCallId(facts.callId) })
    Object.assign(this.add(facts, error), { settlement, isUnable })
    const { accountId } = facts
    this.owing.set(accountId, (this.owing.get(accountId) ?? 0) + 1)
    this.inARow.add(accountId)
  }

  /** How a call that is kept ends; undefined for any other. */
  endOf({ callId }: CallFacts): Promise<Settlement> | undefined {
    const kept = this.calls.get(mapKey(callId))
    return kept?.settlement && kept.end
  }

  /** Whether settlements of this account are kept: nothing that it calls may be bookable. */
  owes(accountId: number): boolean {
    return this.owing.has(accountId)
  }

  /** Whether one more may be kept that the database does not take, as not being its failure. */
  maySetAside({ accountId }: CallFacts): boolean {
    const { owingAccountsMax, owingInARowMax } = limits.ledger
    const isNoNews = this.owing.has(accountId)
    return isNoNews || (this.owing.size < owingAccountsMax && this.inARow.size < owingInARowMax)
  }

  /** A settlement came through: the database does take some. */
  noteBooked() {
    this.inARow.clear()
  }

  /** One turn for those that are due, the one that has waited longest first. */
  async tryAgain({ nowMs = performance.now(), isLast = false }: Turn = {}): Promise<void> {
    let failures = 0
    for (const [id, kept] of [...this.calls]) {
      if (kept.settlement && kept.dueMs > nowMs && !isLast) continue
      const booked = await this.settle(id, kept, nowMs, isLast)
      if (booked === 'booked') continue
      if (booked === 'no more' && (await this.close(id, kept))) continue
      this.calls.delete(id)
      this.calls.set(id, kept)
      if (++failures === limits.ledger.givenUpFailuresATurnMax) return
    }
  }

  private add(facts: CallFacts, error: unknown): Kept {
    let [resolve, reject]: [Kept['resolve'], Kept['reject']] = [() => {}, () => {}]
    const end = new Promise<Settlement>((...ends) => ([resolve, reject] = ends))
    // Nobody may wait for it.
    end.catch(() => undefined)
    const fresh = { settlement: undefined, isUnable: false, tries: 0, dueMs: 0 }
    const kept: Kept = { facts, end, resolve, reject, ...fresh }
    const id = mapKey(facts.callId)
    if (this.calls.size < this.callsMax) this.calls.set(id, kept)
    else this.failed('given_up_full', error, { call: formatCallId(facts.callId) })
    return kept
  }

  /** Tries what is kept to be settled, until it is to be tried no more. */
  private async settle(id: string, kept: Kept, nowMs: number, isLast: boolean) {
    const { settlement, facts } = kept
    if (!settlement) return 'no more'
    try {
      kept.resolve(await this.book(settlement))
      this.calls.delete(id)
      this.release(facts)
      return 'booked'
    } catch (error) {
      const { settleTriesMax, settleEveryMs, settleEveryMsMax } = limits.ledger
      kept.dueMs = nowMs + Math.min(settleEveryMsMax, settleEveryMs * 2 ** kept.tries++)
      if (!isLast && (kept.isUnable || kept.tries < settleTriesMax)) return 'later'
      kept.settlement = undefined
      this.release(facts)
      this.lose(settlement)
      this.failed('call_given_up', error, { call: formatCallId(facts.callId) })
      kept.reject(error)
      return 'no more'
    }
  }

  /** A settlement is kept no more. */
  private release({ accountId }: CallFacts) {
    const left = (this.owing.get(accountId) ?? 0) - 1
    if (left > 0) return this.owing.set(accountId, left)
    this.owing.delete(accountId)
    return this.inARow.delete(accountId)
  }

  private async close(id: string, { facts }: Kept): Promise<boolean> {
    try {
      await this.book({ kind: 'lose', facts })
    } catch (error) {
      this.failed('lose_failed', error, { call: formatCallId(facts.callId) })
      return false
    }
    this.calls.delete(id)
    return true
  }
}
