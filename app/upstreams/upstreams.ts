import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import type { Db } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'
import type { Candidates, Offered, Wanted } from './choice/candidates.ts'
import { environmentUpstreams, sealerOf } from './environment.ts'
import type { Hold } from './holds.ts'
import { isTakenByOne, pick, type Moment } from './choice/pick.ts'
import { Places } from './places.ts'
import { reachOf, type Reach } from './choice/reach.ts'
import { UpstreamReader } from './reader.ts'
import { RetryBudget } from './choice/retries.ts'
import { statesOf, type BreakerReport } from './states.ts'

type Parts = {
  env: Env
  db: Db
  log: Log
  callsUnderWay(): number
  now?: () => number
  retireMs?: number
  /** How many relays share what upstreams take. */
  relays?: () => number
}

/** Every upstream that calls can go to, as this process knows them. */
export class Upstreams {
  readonly retries: RetryBudget
  private readonly places: Places
  private readonly reader: UpstreamReader
  private readonly moment: Moment
  private allowed: ReadonlySet<string>
  private held: readonly Hold[] = []
  private refreshing: Promise<boolean> = Promise.resolve(false)

  constructor(private readonly parts: Parts) {
    const { env, db, log, callsUnderWay, retireMs } = parts
    const { now = () => performance.now() } = parts
    this.retries = new RetryBudget(limits.retries, callsUnderWay)
    this.places = new Places({
      proxies: env.proxies,
      retireMs,
      own: environmentUpstreams(env),
    })
    this.allowed = this.places.allowed()
    this.reader = new UpstreamReader(db, sealerOf(env), log)
    const { relays = () => 1 } = parts
    this.moment = { now, isHeld: (...it) => this.isHeld(...it), told: tellTo(log), relays }
  }

  has(name: string): boolean {
    return this.places.find(name) !== undefined
  }

  /** Members of a request that some upstream takes although nobody here knows what they cost. */
  get allowedMembers(): ReadonlySet<string> {
    return this.allowed
  }

  /** Where a call can go for one of these offers. */
  candidates<O extends Offered>(offers: readonly O[], wanted: Wanted): Candidates<O> {
    return pick(offers, wanted, this.places.find, this.moment)
  }

  /** Whether an upstream of these offers is defined to take such a call, though it cannot now. */
  takes(offers: readonly Offered[], wanted: Wanted): boolean {
    return isTakenByOne(offers, wanted, this.places.find)
  }

  /** An upstream with one of its keys, for what lies there; undefined where there is none. */
  at({ upstream, key }: NonNullable<Wanted['place']>): Reach | undefined {
    const place = this.places.find(upstream)
    const own = place?.keys.find(({ name }) => name === key)
    return place && own && reachOf(place, own)
  }

  /**
   * Takes in what has changed in the database, and answers whether anything has. Calls under way
   * end as they are; where it fails everything stays as it was.
   */
  refresh(): Promise<boolean> {
    const before = this.refreshing.catch(() => false)
    this.refreshing = before.then(() => this.readAnew())
    return this.refreshing
  }

  /** Who is opened by hand, of all upstreams: whoever is not any more is as new. */
  hold(held: readonly Hold[]) {
    const before = this.held
    this.held = held
    const isIn = (list: readonly Hold[], it: Hold) => list.some((other) => isSame(it, other))
    for (const it of before.filter((old) => !isIn(held, old))) {
      this.closeAllOf(it)
      this.sayClosed(it)
    }
    for (const it of held.filter((other) => !isIn(before, other)))
      this.parts.log.warn('upstream_opened', { ...named(it), why: 'by_hand' })
  }

  /** Lets calls through again, whatever has come of the last ones. */
  close(it: Hold) {
    if (this.closeAllOf(it)) this.sayClosed(it)
  }

  private sayClosed = (it: Hold) =>
    this.parts.log.info('upstream_closed', { ...named(it), why: 'by_hand' })

  /** Whether one of them was not closed. */
  private closeAllOf(it: Hold): boolean {
    let wasOpen = false
    for (const key of this.places.find(it.upstream)?.keys ?? []) {
      if (it.key !== null && it.key !== key.name) continue
      for (const { breaker } of key.breakers(it.model)) {
        wasOpen ||= breaker.state(this.moment.now()) !== 'closed'
        breaker.close()
      }
    }
    return wasOpen
  }

  /** Those that let no calls through, or not all of them. */
  states(): BreakerReport[] {
    return statesOf(this.places.all(), this.held, this.moment.now())
  }

  /** Whether all that have one of these offers fail, so that calls of the model find nobody. */
  allFail(offers: readonly Offered[], model: string): boolean {
    const now = this.moment.now()
    const places = offers.flatMap(({ upstream }) => this.places.find(upstream) ?? [])
    const inUse = places.filter(({ isOn, keys }) => isOn && keys.length > 0)
    return inUse.length > 0 && inUse.every(({ keys }) => keys.every((key) => key.fails(model, now)))
  }

  /** Ends what is under way. */
  async closeAll(): Promise<void> {
    await this.places.closeAll()
  }

  private async readAnew(): Promise<boolean> {
    const read = await this.reader.readIfChanged()
    if (!read) return false
    for (const change of this.places.take(read)) this.parts.log.info('upstream_changed', change)
    this.allowed = this.places.allowed()
    return true
  }

  private isHeld(upstream: string, key: string, model: string): boolean {
    if (this.held.length === 0) return false
    return this.held.some(
      (it) =>
        it.upstream === upstream &&
        (it.key === null || it.key === key) &&
        (it.model === null || it.model === model),
    )
  }
}

const isSame = (a: Hold, b: Hold) =>
  a.upstream === b.upstream && a.key === b.key && a.model === b.model

const named = ({ upstream, key, model }: Hold) => ({
  upstream,
  ...(key !== null && { key }),
  ...(model !== null && { model }),
})

/** A line for each breaker that opens, and one when it closes; limits come too often for that. */
const tellTo = (log: Log): Moment['told'] => ({
  opened({ upstream, key, model }, why) {
    const of = { upstream: upstream.name, key: key.name }
    log.warn('upstream_opened', why === 'credential' ? { ...of, why } : { ...of, model, why })
  },
  closed: ({ upstream, key, model }) =>
    log.info('upstream_closed', { upstream: upstream.name, key: key.name, model }),
  limited: ({ upstream }) => log.counted('upstream_limited', upstream.name),
})
