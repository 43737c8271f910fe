import type { ChildProcess } from 'node:child_process'
import { limits } from '../../config/limits.ts'
import type { Log } from '../../telemetry/log.ts'
import { DeadRelays } from './dead-relays.ts'
import type { HandOver } from './hand-over.ts'
import type { ToParent } from './parent-words.ts'
import { relayProcess, type Exit, type RelayProcess } from './relay-process.ts'

const { againMsLeast, againMsMost, steadyMs } = limits.processes

/** One of so many that are to run. */
type Place = {
  number: number
  now: RelayProcess | undefined
  /** One that is coming up. */
  next: Promise<void> | undefined
  /** How often in a row it has ended before it had lived for a while. */
  failures: number
  again: NodeJS.Timeout | undefined
}

/**
 * Keeps so many relay processes running. One that ends by itself is started again, its connections
 * that nobody has taken go to others, and another releases its holds at once: that its process has
 * ended is known here, and need not be concluded from its silence.
 */
export class RelayProcesses {
  private readonly places: Place[]
  /** All that live: also those that have yet to come up, or to end. */
  private readonly all = new Set<RelayProcess>()
  private readonly ready = new Set<RelayProcess>()
  private readonly dead = new DeadRelays()
  private leader: RelayProcess | undefined
  private isEnding = false
  private worst = 0
  private socketPath: string | undefined

  constructor(
    count: number,
    private readonly fork: (number: number) => ChildProcess,
    private readonly handOver: HandOver,
    private readonly log: Log,
  ) {
    this.places = Array.from({ length: count }, (_, i) => ({
      number: i + 1,
      now: undefined,
      next: undefined,
      failures: 0,
      again: undefined,
    }))
  }

  /** Rejects when one of them does not come up. */
  async start(): Promise<void> {
    await Promise.all(this.places.map((place) => this.fill(place)))
  }

  /** Tells all where the pages are. */
  tellPages(socketPath: string) {
    this.socketPath = socketPath
    for (const relay of this.ready) relay.say({ say: 'pages', socketPath })
  }

  /**
   * Replaces one after the other: the new one serves before the old one is told to end, which it
   * does with its last call. Stops at one that does not come up; what it was to replace serves on.
   */
  async replace(): Promise<void> {
    // Those of the last time have had their time.
    for (const relay of this.all) if (relay.isEnding) relay.signal('SIGTERM')
    for (const place of this.places) {
      if (this.isEnding) return
      const old = place.now
      await this.fill(place).catch((error: unknown) => {
        // Whatever was to start it again has made way for this.
        if (!place.now) this.startAgain(place, { startedAtMs: performance.now() })
        throw error
      })
      if (!old) continue
      old.isEnding = true
      this.handOver.spare(old.taker)
      this.elect()
      old.say({ say: 'replaced' })
    }
  }

  /** Has all of them drain; answers the exit code that the worst of them has earned. */
  async end(): Promise<number> {
    this.isEnding = true
    for (const { again } of this.places) clearTimeout(again)
    this.handOver.end()
    for (const relay of this.all) relay.signal('SIGTERM')
    await Promise.all([...this.all].map(({ gone }) => gone))
    return this.worst
  }

  /** Who asks again is in haste. */
  hasten() {
    for (const relay of this.all) relay.signal('SIGTERM')
  }

  /** Resolves when a new one is in this place; two at once would be one too many. */
  private fill(place: Place): Promise<void> {
    clearTimeout(place.again)
    return (place.next ??= this.bringUp(place).finally(() => (place.next = undefined)))
  }

  private async bringUp(place: Place): Promise<void> {
    const { number } = place
    const relay = relayProcess(number, this.fork(number), (words) => this.hear(relay, words))
    this.all.add(relay)
    void relay.gone.then((exit) => this.note(place, relay, exit))
    await relay.ready
    place.now = relay
    this.ready.add(relay)
    const { socketPath } = this
    if (socketPath !== undefined) relay.say({ say: 'pages', socketPath })
    // It has come up while all are told to end, or was told before it could hear it.
    if (this.isEnding) return relay.signal('SIGTERM')
    this.elect()
    this.dead.assign(this.anyReady())
    this.handOver.join(relay.taker)
  }

  private hear(relay: RelayProcess, words: Exclude<ToParent, { say: 'ready' }>) {
    const { taker } = relay
    if (words.say === 'took') this.handOver.took(taker, words.id)
    else if (words.say === 'connections') this.handOver.count(taker, words.count)
    else if (words.say === 'swept') this.dead.swept(words.relayId)
    else void this.handOver.leave(taker).then(() => relay.say({ say: 'left' }))
  }

  private note(place: Place, relay: RelayProcess, exit: Exit) {
    this.all.delete(relay)
    this.ready.delete(relay)
    this.handOver.drop(relay.taker)
    this.dead.lost(relay)
    this.elect()
    const sweeper = this.anyReady()
    if (relay.relayId === undefined) this.dead.assign(sweeper)
    else this.dead.add(relay.relayId, sweeper)
    if (this.isEnding || relay.isEnding) {
      if (exit.code !== 0) this.worst = 1
      return
    }
    this.log.error('relay_ended', { process: relay.number, ...exit })
    if (place.now === relay) place.now = undefined
    // One that was to replace another is told of to whoever wanted that.
    if (place.now === undefined && relay.relayId !== undefined) this.startAgain(place, relay)
  }

  private startAgain(place: Place, { startedAtMs }: { startedAtMs: number }) {
    if (performance.now() - startedAtMs > steadyMs) place.failures = 0
    const doubled = againMsLeast * 2 ** (place.failures - 1)
    const afterMs = place.failures === 0 ? 0 : Math.min(againMsMost, doubled)
    place.failures++
    clearTimeout(place.again)
    place.again = setTimeout(() => {
      // Whoever was coming up to replace it is there by now.
      if (place.now || this.isEnding) return
      const startedAtMs = performance.now()
      // Why, it has said itself, and that it has ended is noted.
      this.fill(place).catch(() => {
        if (!this.isEnding && !place.now) this.startAgain(place, { startedAtMs })
      })
    }, afterMs)
  }

  private anyReady(): RelayProcess | undefined {
    const [any] = this.ready
    return [...this.ready].find(({ isEnding }) => !isEnding) ?? any
  }

  /** What only one has to do is the oldest's that stays. */
  private elect() {
    const leader = this.leader
    if (leader && this.ready.has(leader) && !leader.isEnding) return
    leader?.say({ say: 'lead', isIt: false })
    this.leader = [...this.ready].find(({ isEnding }) => !isEnding)
    this.leader?.say({ say: 'lead', isIt: true })
  }
}
