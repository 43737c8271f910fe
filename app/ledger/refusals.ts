import { limits } from '../config/limits.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import { clockMs } from '../values/clock.ts'
import { decideAgain } from './decide.ts'
import type { Asker, CallFacts, CountFirst, Refusal, Reservation, ReserveOp } from './ops.ts'

type Bounds = typeof limits.ledger.refusals

/** What was so when a reservation began: a refusal that comes later is true for as long as it is. */
type Sight = { change: number; hearing: number | undefined }
type Kept = Sight & { refusal: Refusal; model: string; asker: Asker | undefined; sinceMs: number }

/**
 * What keys were last refused for money by, so that a call that is asked again at once is refused
 * again without a transaction (docs/decisions/0039). Nothing is ever let in by it: whatever the
 * remembered figures do not refuse is decided by the books. It ends with any news of the account's
 * money, and soon by itself: sooner where nobody may bring the news.
 */
export class Refusals {
  private readonly byKey = new Map<number, Kept>()
  /** How often the money of accounts has changed, by their ids; some share a place. */
  private readonly changes: Uint32Array

  constructor(
    /** A number that changes with every break in what is heard; undefined where nothing is. */
    private readonly hearing: () => number | undefined,
    private readonly most: Bounds = limits.ledger.refusals,
    private readonly nowMs = () => performance.now(),
    private readonly clock = clockMs,
  ) {
    this.changes = new Uint32Array(most.changesKept)
  }

  /** To be looked at before a reservation begins, for `keep`. */
  look({ accountId }: CallFacts): Sight {
    // Each account has a place.
    return { change: this.changes[this.placeOf(accountId)]!, hearing: this.hearing() }
  }

  /** Keeps a refusal for money, unless there was news of it while it was under way. */
  keep(facts: CallFacts, answer: Reservation, sight: Sight, asker?: Asker) {
    if (answer.granted || !isForMoney(answer)) return
    if (this.changes[this.placeOf(facts.accountId)] !== sight.change) return
    const { model } = facts
    const kept = { ...sight, refusal: answer, model, asker, sinceMs: this.nowMs() }
    this.byKey.delete(facts.keyId)
    this.byKey.set(facts.keyId, kept)
    // The first is the one that was kept first.
    if (this.byKey.size > this.most.keysMax) this.byKey.delete(this.byKey.keys().next().value!)
  }

  /** What the kept figures say to this call; undefined where only the books can tell. */
  again(
    facts: CallFacts,
    wish: Pick<ReserveOp, 'ask' | 'lastTry' | 'asker'>,
  ): Refusal | CountFirst | undefined {
    const kept = this.byKey.get(facts.keyId)
    if (!kept) return undefined
    if (!this.stands(kept, facts.accountId)) {
      this.byKey.delete(facts.keyId)
      return undefined
    }
    // A key may not use every model, nor be used from everywhere, and that is said first.
    if (kept.model !== facts.model || !isSame(kept.asker, wish.asker)) return undefined
    const answer = decideAgain(kept.refusal, { ...wish, model: facts.model })
    return answer.granted ? undefined : answer
  }

  /** The money of this account may be more now, or what it pays less. */
  changed(accountId: number) {
    // Each account has a place.
    this.changes[this.placeOf(accountId)]!++
  }

  allChanged() {
    this.byKey.clear()
    for (let place = 0; place < this.changes.length; place++) this.changes[place]!++ // There are so many.
  }

  /** There is something else to be said to this key. */
  forget(keyId: number) {
    this.byKey.delete(keyId)
  }

  private stands({ refusal, change, hearing, sinceMs }: Kept, accountId: number): boolean {
    if (this.changes[this.placeOf(accountId)] !== change) return false
    const endsMs = refusal.budget?.endsMs ?? Infinity
    if (this.clock() >= endsMs) return false
    // What another process gives back of a hold it tells nobody.
    const isHeard = hearing !== undefined && hearing === this.hearing() && refusal.heldNanos === 0
    const { heardMsMax, unheardMsMax } = this.most
    return this.nowMs() - sinceMs < (isHeard ? heardMsMax : unheardMsMax)
  }

  private placeOf(accountId: number) {
    return accountId % this.changes.length
  }
}

const isSame = (one: Asker | undefined, other: Asker | undefined) =>
  one?.secretNo === other?.secretNo && one?.address === other?.address

const isForMoney = (answer: Refusal | CountFirst): answer is Refusal =>
  answer.code === 'insufficient_balance' || answer.code === 'key_budget_exceeded'

const allAccounts = 'all'

/** Tells every relay that an account, or any, may have more money now, or pay less. */
export const announceMoney = (redis: RedisClient, accountId: number | typeof allAccounts) =>
  redis.publish(keyspace.moneyChannel, String(accountId))

/** Ends what is remembered of refusals as soon as another process says that it is no longer so. */
export const hearMoney = (redis: RedisClient, refusals: Refusals) =>
  redis.subscribe(keyspace.moneyChannel, (message) => {
    if (message === allAccounts) refusals.allChanged()
    else refusals.changed(Number(message))
  })
