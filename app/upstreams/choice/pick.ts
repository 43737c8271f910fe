import { limits } from '../../config/limits.ts'
import { BegunAttempt, type Place, type Told } from './attempt.ts'
import type { AttemptFailure, Candidates, Offered, Target, Wanted } from './candidates.ts'
import { ranked } from './choose.ts'
import { isRated } from './key-rate.ts'
import { hasRoom, type UpstreamPlace } from './place.ts'
import type { Outlook } from './retries.ts'

/** What a choice needs to know of the moment. */
export type Moment = {
  now(): number
  /** Whether an operator has opened it by hand. */
  isHeld(upstream: string, key: string, model: string): boolean
  told: Told
  /** How many relays there are, each of which keeps to its part of what an upstream takes. */
  relays(): number
}
type Find = (name: string) => UpstreamPlace | undefined

const allowsAll = ({ allowed }: UpstreamPlace, needs: ReadonlySet<string>) => {
  for (const name of needs) if (!allowed.has(name)) return false
  return true
}

/** What is kept of it for as long as a call takes: no text of its request. */
type Need = Pick<Wanted, 'account' | 'model' | 'path' | 'needs'>

/** Whether it is the one that lies where the call must go, or there is no such place. */
const isPlace = ({ name, keys }: UpstreamPlace, { place }: Pick<Wanted, 'place'>) =>
  place === undefined || (place.upstream === name && keys.some((key) => key.name === place.key))

const isDefinedFor = (upstream: UpstreamPlace, { path, needs }: Need) =>
  Object.hasOwn(upstream.runtime.definition.paths, path) && allowsAll(upstream, needs)

const serves = (upstream: UpstreamPlace, wanted: Need) =>
  upstream.isOn && isDefinedFor(upstream, wanted)

/** Whether one of these is defined to take such a call, whatever its state at this moment. */
export const isTakenByOne = (offers: readonly Offered[], wanted: Wanted, find: Find): boolean =>
  offers.some((offer) => {
    const upstream = find(offer.upstream)
    return upstream !== undefined && isDefinedFor(upstream, wanted) && isPlace(upstream, wanted)
  })

/** Each upstream that serves the call, with all its keys, the best first. */
function placesFor<O extends Offered>(
  offers: readonly O[],
  wanted: Wanted,
  find: Find,
): Place<O>[] {
  const { model } = wanted
  let known: string | undefined
  const affinity = () => (known ??= wanted.affinity())
  const serving = []
  for (const offer of offers) {
    const upstream = find(offer.upstream)
    if (!upstream || !serves(upstream, wanted) || !isPlace(upstream, wanted)) continue
    const { seed, weight, priority } = upstream
    serving.push({ offer, upstream, seed, weight, priority })
  }
  const places: Place<O>[] = []
  const best = serving.length < 2 ? serving : ranked(serving, affinity())
  for (const { offer, upstream } of best) {
    const keys = upstream.keys.length < 2 ? upstream.keys : ranked(upstream.keys, affinity())
    for (const key of keys) {
      if (wanted.place && wanted.place.key !== key.name) continue
      const target = { offer, upstream: upstream.runtime, key }
      places.push({ target, upstream, key, model, breaker: key.with(model) })
    }
  }
  return places
}

/**
 * A place whose upstream was changed long ago, as that is now; undefined where it is none any more
 * for this call, or takes a body that what is held would not cover.
 */
function renewed<O extends Offered>(
  { target: { offer }, upstream: old, key: { name }, model }: Place<O>,
  wanted: Need,
  find: Find,
): Place<O> | undefined {
  const upstream = find(old.name)
  const key = upstream?.keys.find((it) => it.name === name)
  if (!upstream || !key || upstream.runtime.isClosed || !serves(upstream, wanted)) return undefined
  const [before, now] = [old.runtime.definition, upstream.runtime.definition]
  if (before.limitMember !== now.limitMember || before.reasoning !== now.reasoning) return undefined
  const target = { offer, upstream: upstream.runtime, key }
  return { target, upstream, key, model, breaker: key.with(model) }
}

/** An upstream that fails of these is likely to fail with its next key. */
const isOfAllKeys = (failure: AttemptFailure | undefined) =>
  failure === 'failure' || failure === 'slow'

const isWell = ({ key, breaker }: Place<Offered>, at: number) =>
  key.breaker.lets(at) && breaker.lets(at)

/** Why one is left alone, the mildest first: the last is likely to last. */
const troubles = ['limit', 'failures', 'credential'] as const
type Trouble = (typeof troubles)[number]

function troubleOf({ key, breaker }: Place<Offered>, at: number): Trouble {
  if (!key.breaker.lets(at)) return 'credential'
  return breaker.state(at) === 'limited' ? 'limit' : 'failures'
}

const letsFrom = ({ key, breaker }: Place<Offered>) =>
  Math.max(key.breaker.letsFrom, breaker.letsFrom)

const isClosed = ({ upstream }: Place<Offered>) => upstream.runtime.isClosed

const leftAloneSince = ({ key, breaker }: Place<Offered>, at: number) =>
  breaker.leftAloneSince(at) ?? key.breaker.leftAloneSince(at)

/**
 * Where one call can go. What its breakers leave alone is left out; where that is everything, it is
 * there all the same, the mildest trouble first, but of those that have opened by failures only
 * one, and of those whose key is refused: a failure of one's own making is no better than one of
 * the upstream's.
 */
class Picked<O extends Offered> implements Candidates<O> {
  readonly targets: readonly Target<O>[]
  private left: Place<O>[]
  /** What was the matter with those that were tried although something was. */
  private readonly endured: Trouble[] = []
  private readonly begun: { place: Place<O>; attempt: BegunAttempt<O> }[] = []

  constructor(
    places: Place<O>[],
    private readonly moment: Moment,
    private readonly whose: { account: number; tokens: number },
    private readonly renew: (place: Place<O>) => Place<O> | undefined,
  ) {
    const at = moment.now()
    const able = places.every((it) => this.mayBegin(it))
      ? places
      : places.filter((it) => this.mayBegin(it))
    const areWell = able.every((it) => isWell(it, at))
    const well = areWell ? able : able.filter((it) => isWell(it, at))
    this.left = well.length > 0 ? well : able
    this.targets = this.left.map(({ target }) => target)
  }

  /** Made for whoever asks: hardly any call is tried again. */
  get outlook(): Outlook {
    return {
      isSure: () => {
        const at = this.moment.now()
        const failed = this.begun.at(-1)?.place
        const since = failed && leftAloneSince(failed, at)
        return since !== undefined && this.bestOf(at)?.breaker.isWellSince(since) === true
      },
      isWell: () => this.bestOf(this.moment.now())?.breaker.isClosed === true,
    }
  }

  next(): BegunAttempt<O> | undefined {
    // Only a call that has tried for long meets connections that are closed.
    if (this.left.some(isClosed))
      this.left = this.left.flatMap((it) => (isClosed(it) ? (this.renew(it) ?? []) : it))
    const { left, begun, moment } = this
    const at = moment.now()
    const place = this.bestOf(at) ?? this.leastBadOf(at)
    if (!place) return undefined
    left.splice(left.indexOf(place), 1)
    const of = { ...this.whose, relays: moment.relays() }
    const attempt = new BegunAttempt(place, moment.now, moment.told, of)
    begun.push({ place, attempt })
    return attempt
  }

  private mayBegin({ upstream, key, model }: Place<O>) {
    const { moment, whose } = this
    if (!hasRoom(upstream, whose.account)) return false
    if (moment.isHeld(upstream.name, key.name, model)) return false
    const { limits: bounds } = upstream.runtime.definition
    if (!isRated(bounds)) return true
    const asking = { tokens: whose.tokens, nowMs: moment.now(), relays: moment.relays() }
    return upstream.load.rateOf(key.name).lets(bounds, asking)
  }

  /**
   * What is well at this moment, of another upstream first where one has failed by itself; and the
   * last time in any case, or the keys of one could use up all attempts.
   */
  private bestOf(at: number): Place<O> | undefined {
    const isLast = this.begun.length + 1 >= limits.retries.triesMax
    let next: Place<O> | undefined
    let other: Place<O> | undefined
    for (const place of this.left) {
      if (!this.mayBegin(place) || !isWell(place, at)) continue
      const hasFailed = this.hasFailed(place)
      if (isLast ? this.isNew(place) : !hasFailed) return place
      if (!hasFailed) next ??= place
      other ??= place
    }
    return next ?? other
  }

  private isNew({ upstream }: Place<O>) {
    return !this.begun.some(({ place }) => place.upstream.name === upstream.name)
  }

  /** Nothing was well from the start: the mildest trouble, and of those what may be well soonest. */
  private leastBadOf(at: number): Place<O> | undefined {
    const { begun, endured, left } = this
    if (begun.length > 0 && endured.length === 0) return undefined
    let best: Place<O> | undefined
    let least: Trouble | undefined
    for (const place of left) {
      const trouble = troubleOf(place, at)
      const isSpared = trouble !== 'limit' && endured.includes(trouble)
      if (isSpared || !this.mayBegin(place)) continue
      const worse = least ? troubles.indexOf(trouble) - troubles.indexOf(least) : -1
      if (worse > 0 || (worse === 0 && best && letsFrom(place) >= letsFrom(best))) continue
      best = place
      least = trouble
    }
    if (least) endured.push(least)
    return best
  }

  private hasFailed({ upstream }: Place<O>) {
    for (const { place, attempt } of this.begun)
      if (place.upstream.name === upstream.name && isOfAllKeys(attempt.failure)) return true
    return false
  }
}

/** Chooses where a call can go for one of these offers. */
export const pick = <O extends Offered>(
  offers: readonly O[],
  wanted: Wanted,
  find: Find,
  moment: Moment,
): Candidates<O> => {
  const { account, model, path, needs } = wanted
  const renew = (place: Place<O>) => renewed(place, { account, model, path, needs }, find)
  const places = placesFor(offers, wanted, find)
  const isByTokens = places.some(
    ({ upstream }) => upstream.runtime.definition.limits?.tokensPerMinute !== undefined,
  )
  const tokens = isByTokens ? (wanted.tokens?.() ?? 0) : 0
  return new Picked(places, moment, { account, tokens }, renew)
}
