import { setMaxListeners } from 'node:events'
import { readDatabaseHosts, type DatabaseHost } from '../config/database-address.ts'
import { limits } from '../config/limits.ts'
import { lookAt, type Look } from './host-look.ts'
import { NoHost } from './no-host.ts'

/** A time for which connections are made to one host. */
export type Term = {
  readonly host: DatabaseHost
  /** Aborted when the host is given up for another: nobody need wait for its answers any more. */
  readonly lost?: AbortSignal
}

/** Which of the hosts of an address is worked with: one at a time for all who share this. */
export type Hosts = {
  /** Where to connect to. Rejects with `NoHost` where none is well. */
  pick(): Promise<Term>
  /** Whether what was connected then is to be let go as soon as nothing is under way on it. */
  hasLeft(term: Term): boolean
  /** A connection has failed: before the next one is made, the host is looked at. */
  doubt(term: Term): void
  /** An answer has come, so it is there, whatever a look says. */
  heard(term: Term): void
  /** Looks at all again and again, so that calls go back to an earlier one; answers its end. */
  watch(): () => void
  /** For a thread that is to follow (`followHosts`); undefined where there is nothing to follow. */
  shared?: Int32Array
}

/** Where a database is: an address of one host or several, or what chooses among them. */
export type DatabaseAddress = string | Hosts

/** What is said about a change, and the rest that tests have otherwise. */
type HostsOptions = {
  allowUnsafe?: boolean
  onMove?: (move: { from: string; to: string; why: string }) => void
  /** One that is not worked with has become unwell, or well again. */
  onAway?: (host: string, why: string) => void
  onBack?: (host: string) => void
  look?: (host: DatabaseHost, allowUnsafe: boolean) => Promise<Look>
  now?: () => number
  bounds?: { lookEveryMs: number; lookAgainMs: number; backAfterMs: number }
}

type OwnTerm = Term & { store: string; heardAt: number; lost: AbortSignal; end: AbortController }
type Seen = { look: Look; since: number }

/** One host is never looked at: whoever connects finds out. */
function oneHost(host: DatabaseHost): Hosts {
  const term: Term = { host }
  return {
    pick: () => Promise.resolve(term),
    hasLeft: () => false,
    doubt: () => undefined,
    heard: () => undefined,
    watch: () => () => undefined,
  }
}

/**
 * Chooses the first host that is well, in the order of the address. One that fails is given up at
 * once for the next; calls go back to an earlier one only when that has been well for a while. Two
 * that both take writes and are not of one cluster are never both written to: the one in use is
 * kept, and where none is, the start is refused (docs/decisions/0043).
 */
class Chooser implements Hosts {
  readonly shared = new Int32Array(new SharedArrayBuffer(4)).fill(-1)
  private term: OwnTerm | undefined
  private isDoubted = false
  private choosing: Promise<Term> | undefined
  private failed: { error: NoHost; at: number } | undefined
  private readonly seen = new Map<DatabaseHost, Seen>()
  /** Those that took writes beside the one in use, with data of their own. */
  private readonly rivals = new Set<DatabaseHost>()
  private readonly options: Required<HostsOptions>

  constructor(
    private readonly all: readonly DatabaseHost[],
    options: HostsOptions,
  ) {
    const nothing = () => undefined
    this.options = {
      allowUnsafe: false,
      onMove: nothing,
      onAway: nothing,
      onBack: nothing,
      look: lookAt,
      now: () => performance.now(),
      bounds: limits.db.hosts,
      ...options,
    }
  }

  pick(): Promise<Term> {
    if (this.term && !this.isDoubted) return Promise.resolve(this.term)
    const { now, bounds } = this.options
    if (this.failed && now() - this.failed.at < bounds.lookAgainMs)
      return Promise.reject(this.failed.error)
    return (this.choosing ??= this.choose().finally(() => (this.choosing = undefined)))
  }

  hasLeft(term: Term) {
    return term !== this.term
  }

  doubt(term: Term) {
    if (term === this.term) this.isDoubted = true
  }

  heard(term: Term) {
    if (this.term === term) this.term.heardAt = this.options.now()
  }

  watch(): () => void {
    let isBusy = false
    const timer = setInterval(() => {
      if (isBusy) return
      isBusy = true
      void this.lookAround().finally(() => (isBusy = false))
    }, this.options.bounds.lookEveryMs)
    timer.unref()
    return () => clearInterval(timer)
  }

  /** One turn of `watch`. Where nobody has asked for a host yet there is nothing to keep. */
  async lookAround(): Promise<void> {
    const { term } = this
    if (!term) return
    const { now, bounds } = this.options
    const isHeard = now() - term.heardAt < bounds.lookEveryMs
    const looks = await Promise.all(
      this.all.map((host) =>
        isHeard && host === term.host ? Promise.resolve(undefined) : this.look(host),
      ),
    )
    if (this.term !== term) return
    const own = looks[this.all.indexOf(term.host)]
    if (own && !own.isWell) {
      // Looked at once more, with the others. Who has no room for us serves those who are there.
      if (own.is !== 'crowded') this.doubt(term)
      // Whoever needs a host is told that there is none.
      if (this.isDoubted) await this.pick().catch(() => undefined)
      return
    }
    this.noteRivals(term)
    this.goBack(term)
  }

  private async look(host: DatabaseHost): Promise<Look> {
    const { look, allowUnsafe, now, onAway, onBack } = this.options
    const found = await look(host, allowUnsafe)
    const before = this.seen.get(host)
    const isNews = (before?.look.isWell ?? true) !== found.isWell
    this.seen.set(host, { look: found, since: before && !isNews ? before.since : now() })
    if (isNews && host !== this.term?.host) {
      if (found.isWell) onBack(host.name)
      else onAway(host.name, found.why)
    }
    return found
  }

  private async choose(): Promise<Term> {
    const { term } = this
    const { now } = this.options
    const startedAt = now()
    const looks = this.all.map((host) => this.look(host))
    if (term) {
      const own = await looks[this.all.indexOf(term.host)]
      // One that only reads answers too, to all but what has to be written.
      const isHeard = term.heardAt > startedAt && !(own && !own.isWell && own.is === 'reading')
      const isThere = own?.isWell || isHeard
      if (isThere) return this.stay(term)
      // Whoever does not write any more has no rivals: somebody else has been told to.
      if (own?.is === 'reading') this.rivals.clear()
    } else {
      this.refuseRivals(await Promise.all(looks))
    }
    for (const [i, looking] of looks.entries()) {
      const look = await looking
      // There are as many looks as hosts.
      const host = this.all[i]!
      if (look.isWell && !this.rivals.has(host)) return this.moveTo(host, look.store)
    }
    throw this.fail(new NoHost(`none of its hosts can be used. ${this.wordsForAll()}`))
  }

  private stay(term: OwnTerm): Term {
    this.isDoubted = false
    return term
  }

  private fail(error: NoHost): NoHost {
    this.failed = { error, at: this.options.now() }
    return error
  }

  private moveTo(host: DatabaseHost, store: string): Term {
    const left = this.term
    const why = left && this.whyNot(left.host)
    const end = new AbortController()
    // Each statement under way waits for it.
    setMaxListeners(0, end.signal)
    this.term = { host, store, heardAt: -Infinity, lost: end.signal, end }
    this.isDoubted = false
    Atomics.store(this.shared, 0, this.all.indexOf(host))
    if (!left) return this.term
    this.options.onMove({ from: left.host.name, to: host.name, why: why ?? 'it is well again' })
    if (why !== undefined) left.end.abort()
    return this.term
  }

  private whyNot(host: DatabaseHost): string | undefined {
    const look = this.seen.get(host)?.look
    if (this.rivals.has(host))
      return `it takes writes too, beside ${this.term?.host.name}, and is of no cluster with it`
    return look?.isWell === false ? look.why : undefined
  }

  private wordsForAll(): string {
    const words = (host: DatabaseHost) => (this.whyNot(host) ?? 'it is well').replace(/\.$/, '')
    return this.all.map((host) => `${host.name}: ${words(host)}.`).join(' ')
  }

  /** Two that write, each into data of its own: which has the books nobody here can know. */
  private refuseRivals(looks: Look[]) {
    const writers = this.all.filter((_, i) => looks[i]?.isWell)
    const stores = new Set(looks.flatMap((look) => (look.isWell ? [look.store] : [])))
    if (stores.size < 2) return
    const names = writers.map(({ name }) => name).join(' and ')
    throw this.fail(
      new NoHost(
        `${names} all take writes, and are not of one cluster: make all but the one that has the ` +
          'books read-only, or name it alone.',
      ),
    )
  }

  private noteRivals(term: OwnTerm) {
    for (const host of this.all) {
      const look = this.seen.get(host)?.look
      if (host === term.host || !look) continue
      const isRival = look.isWell && look.store !== term.store
      if (isRival && !this.rivals.has(host)) {
        this.rivals.add(host)
        this.options.onAway(host.name, this.whyNot(host) ?? '')
      }
      // What is only away may come back as it was.
      if (!isRival && (look.isWell || look.is === 'reading')) this.rivals.delete(host)
    }
  }

  private goBack(term: OwnTerm) {
    const { now, bounds } = this.options
    const earlier = this.all.slice(0, this.all.indexOf(term.host)).find((host) => {
      const { look, since = 0 } = this.seen.get(host) ?? {}
      // Only within one cluster: anywhere else it may lack what was written here since.
      return look?.isWell && look.store === term.store && now() - since >= bounds.backAfterMs
    })
    if (earlier) this.moveTo(earlier, term.store)
  }
}

/** What chooses among several hosts; it looks only when it is asked, unless it is watched. */
export const chooseHosts = (all: readonly DatabaseHost[], options: HostsOptions = {}) =>
  new Chooser(all, options)

/** The hosts of an address, or what is handed on. */
export function hostsOf(address: DatabaseAddress, options?: HostsOptions): Hosts {
  if (typeof address !== 'string') return address
  const [first, ...more] = readDatabaseHosts(address)
  // There is at least one.
  return more.length ? chooseHosts([first!, ...more], options) : oneHost(first!)
}

/** The address of the host that is well, for one connection. */
export const hostUrl = async (address: DatabaseAddress): Promise<string> =>
  (await hostsOf(address).pick()).host.url
