import { limits } from '../config/limits.ts'
import { Refused } from '../errors/refusal.ts'
import { KeptBodies } from './kept-bodies.ts'
import { Pace } from './pace.ts'

/** What one request has of the budget. */
export type BodyShare = {
  /** Takes so many bytes more. Throws `Refused` where there is no room for them. */
  take(bytes: number): void
  /** Whether it has ever had what a long body takes. */
  readonly isLong: boolean
  /** Has no more than so many bytes from now on. */
  keep(bytes: number): void
  /** The request is over, and has nothing any more; `inVain` where it was refused for what it says. */
  end(inVain?: boolean): void
}

type BodyBounds = {
  processBytesMax: number
  accountBytesMax: number
  longBytesMax: number
  accountCallsMax: number
  vainMax: number
  vainEveryMs: number
}
type Taken = { bytes: number; calls: number }

/**
 * Counts the memory that bodies take in this process, all together and by account: nobody can send
 * so many at once that it runs out. Long ones leave a quarter to the others, which are the most.
 */
export class BodyBudget {
  /** What is kept for other upstreams. */
  readonly kept = new KeptBodies(limits.bodies.kept)
  private taken = 0
  private readonly byAccount = new Map<number, Taken>()
  private readonly refusals = new Pace(limits.refusals)
  private readonly unpaid = new Pace(limits.unpaid)
  private readonly inVain = new Map<number, { count: number; sinceMs: number }>()

  constructor(
    private readonly most: BodyBounds,
    private readonly nowMs = () => performance.now(),
  ) {}

  get bytes() {
    return this.taken
  }

  /** Refuses an account whose long bodies were refused a few times lately, for what they say. */
  refuseVain(accountId: number) {
    if (this.vainOf(accountId) >= this.most.vainMax) throw refused('vain')
  }

  /** Resolves when it is time to tell an account that a body is not read. */
  whenToRefuse(accountId: number): Promise<void> {
    return this.refusals.wait(accountId)
  }

  /** The same, where a long one has been read, and there is no money for the call. */
  whenToRefuseUnpaid(accountId: number): Promise<void> {
    return this.unpaid.wait(accountId)
  }

  private noteVain(accountId: number) {
    const count = this.vainOf(accountId) + 1
    // The one noted longest ago is first.
    this.inVain.delete(accountId)
    this.inVain.set(accountId, { count, sinceMs: this.nowMs() })
    for (const id of this.inVain.keys()) {
      if (this.vainOf(id) > 0) break
      this.inVain.delete(id)
    }
  }

  /** How many there were, of which one is forgotten every so often. */
  private vainOf(accountId: number): number {
    const noted = this.inVain.get(accountId)
    if (!noted) return 0
    const forgotten = Math.floor((this.nowMs() - noted.sinceMs) / this.most.vainEveryMs)
    return Math.max(0, noted.count - forgotten)
  }

  /** Begins a request of an account. Throws `Refused` where it has too many under way. */
  open(accountId: number): BodyShare {
    const { processBytesMax, accountBytesMax, longBytesMax, accountCallsMax } = this.most
    const account = this.byAccount.get(accountId) ?? { bytes: 0, calls: 0 }
    if (account.calls >= accountCallsMax) throw refused('calls')
    account.calls++
    this.byAccount.set(accountId, account)
    let own = 0
    let isOver = false
    const change = (bytes: number) => {
      own += bytes
      this.taken += bytes
      account.bytes += bytes
    }
    const keep = (bytes: number) => {
      if (bytes < own) change(bytes - own)
    }
    // A plain member: V8 makes an object with a getter anew, slowly, for every call (measured).
    const share = {
      isLong: false,
      take: (bytes: number) => {
        const room = own + bytes > longBytesMax ? (processBytesMax / 4) * 3 : processBytesMax
        if (this.taken + bytes > room) throw refused('process')
        if (account.bytes + bytes > accountBytesMax) throw refused('account')
        change(bytes)
        share.isLong ||= own > longBytesMax
      },
      keep,
      end: (inVain = false) => {
        if (isOver) return
        isOver = true
        if (inVain && share.isLong) this.noteVain(accountId)
        keep(0)
        if (--account.calls === 0) this.byAccount.delete(accountId)
      },
    }
    return share
  }
}

const words = {
  vain: 'The last long requests of this account were refused. The next one is read in a while.',
  calls: 'Too many calls of this account are under way. Nothing was charged.',
  account: 'Too many long requests of this account are under way. Nothing was charged.',
  process: 'The relay is reading too many long requests right now. Nothing was charged.',
}
const refused = (why: keyof typeof words) => new Refused('overloaded', { message: words[why] })
