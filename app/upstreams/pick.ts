import type { AttemptFailure, Candidates, Offered, Wanted } from './candidates.ts'
import { BegunAttempt, type Place, type Told } from './attempt.ts'
import { ranked } from './choose.ts'
import { hasRoom, type UpstreamPlace } from './place.ts'

/** What a choice needs to know of the moment. */
export type Moment = {
  now(): number
  /** Whether an operator has opened it by hand. */
  isHeld(upstream: string, key: string, model: string): boolean
  told: Told
}

const allowsAll = ({ allowed }: UpstreamPlace, needs: ReadonlySet<string>) => {
  for (const name of needs) if (!allowed.has(name)) return false
  return true
}

const serves = (upstream: UpstreamPlace, { path, needs }: Wanted) =>
  upstream.isOn &&
  Object.hasOwn(upstream.runtime.definition.paths, path) &&
  allowsAll(upstream, needs)

/** Each upstream that serves the call, with all its keys, the best first. */
function placesFor<O extends Offered>(
  offers: readonly O[],
  wanted: Wanted,
  find: (name: string) => UpstreamPlace | undefined,
): Place<O>[] {
  const { affinity, model } = wanted
  const serving = []
  for (const offer of offers) {
    const upstream = find(offer.upstream)
    if (!upstream || !serves(upstream, wanted)) continue
    const { seed, weight, priority } = upstream
    serving.push({ offer, upstream, seed, weight, priority })
  }
  return ranked(serving, affinity).flatMap(({ offer, upstream }) =>
    ranked(upstream.keys, affinity).map((key) => ({
      target: { offer, upstream: upstream.runtime, key },
      upstream,
      key,
      model,
      breaker: key.with(model),
    })),
  )
}

/** An upstream that fails of these is likely to fail with its next key. */
const isOfAllKeys = (failure: AttemptFailure | undefined) =>
  failure === 'failure' || failure === 'slow'

/**
 * Chooses where a call can go. What its breakers leave alone is left out; where that is everything,
 * the best is there all the same, for one attempt: a failure of one's own making is no better than
 * one of the upstream's.
 */
export function pick<O extends Offered>(
  offers: readonly O[],
  wanted: Wanted,
  find: (name: string) => UpstreamPlace | undefined,
  moment: Moment,
): Candidates<O> {
  const { now, told } = moment
  const isWell = ({ key, breaker }: Place<O>, at: number) =>
    key.breaker.lets(at) && breaker.lets(at)
  const mayBegin = ({ upstream, key }: Place<O>) =>
    hasRoom(upstream) && !moment.isHeld(upstream.name, key.name, wanted.model)
  const at = now()
  const all = placesFor(offers, wanted, find).filter(mayBegin)
  const well = all.filter((place) => isWell(place, at))
  const left = well.length > 0 ? well : all
  const begun: { place: Place<O>; attempt: BegunAttempt<O> }[] = []

  const wasOf = ({ upstream }: Place<O>) =>
    begun.some((it) => it.place.upstream.name === upstream.name && isOfAllKeys(it.attempt.failure))
  /** What is well at this moment, of another upstream first where one has failed by itself. */
  function bestOf(at: number): Place<O> | undefined {
    const able = left.filter((place) => mayBegin(place) && isWell(place, at))
    return begun.length === 0 ? able[0] : (able.find((place) => !wasOf(place)) ?? able[0])
  }
  /** Nothing is well: one whose key is not what is wrong. */
  function leastBadOf(at: number): Place<O> | undefined {
    const able = left.filter(mayBegin)
    return able.find(({ key }) => key.breaker.lets(at)) ?? able[0]
  }

  return {
    targets: left.map(({ target }) => target),
    next() {
      const at = now()
      const place = bestOf(at) ?? (begun.length === 0 ? leastBadOf(at) : undefined)
      if (!place) return undefined
      left.splice(left.indexOf(place), 1)
      const attempt = new BegunAttempt(place, now, told)
      begun.push({ place, attempt })
      return attempt
    },
  }
}
