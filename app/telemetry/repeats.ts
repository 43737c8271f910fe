import { limits } from '../config/limits.ts'

/** Time, as far as whoever limits a rate needs it; `after` answers what calls it off. */
export type Clock = { now(): number; after(ms: number, work: () => void): () => void }

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, work) {
    // It keeps the process alive: a count that waits is written even where nobody flushes.
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** Says one more of its kind, and how many it stands for beside itself. */
type Say = (repeated: number) => void
type Waiting = { count: number; latest: Say; callOff: () => void }
type Kind = { quietUntil: number; waiting: Waiting | undefined }

/**
 * Lets each kind of event speak once in `failureEveryMs`, and counts what it holds back: a burst
 * ends with its count. At most `failureKindsMax` kinds are known at once; the oldest is let go for
 * the next, its count first.
 */
export class Repeats {
  private readonly kinds = new Map<string, Kind>()

  constructor(
    private readonly clock: Clock,
    private readonly limit: { failureEveryMs: number; failureKindsMax: number } = limits.log,
  ) {}

  note(name: string, say: Say) {
    const now = this.clock.now()
    const kind = this.kinds.get(name) ?? this.add(name)
    const { waiting, quietUntil } = kind
    if (now >= quietUntil) {
      waiting?.callOff()
      this.speak(name, kind, say, waiting?.count ?? 0)
    } else if (waiting) {
      waiting.count++
      waiting.latest = say
    } else {
      const callOff = this.clock.after(quietUntil - now, () => this.release(name, kind))
      kind.waiting = { count: 1, latest: say, callOff }
    }
  }

  flush() {
    for (const [name, kind] of [...this.kinds]) this.release(name, kind)
  }

  private add(name: string): Kind {
    const [oldest] = this.kinds
    if (oldest && this.kinds.size >= this.limit.failureKindsMax) {
      this.release(...oldest)
      this.kinds.delete(oldest[0])
    }
    const kind = { quietUntil: -Infinity, waiting: undefined }
    this.kinds.set(name, kind)
    return kind
  }

  private release(name: string, kind: Kind) {
    const { waiting } = kind
    if (!waiting) return
    waiting.callOff()
    this.speak(name, kind, waiting.latest, waiting.count - 1)
  }

  private speak(name: string, kind: Kind, say: Say, repeated: number) {
    kind.quietUntil = this.clock.now() + this.limit.failureEveryMs
    kind.waiting = undefined
    // Last in the order of going: kinds that speak often stay known.
    this.kinds.delete(name)
    this.kinds.set(name, kind)
    say(repeated)
  }
}
