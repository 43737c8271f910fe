import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../config/limits.ts'
import type { Lane } from '../db/db.server.ts'
import { BatchFailed, runBatch, type Result } from './batch.ts'
import { MayLag } from './batch-state.ts'
import { LockedAccounts } from './locked-accounts.ts'
import { LedgerAway, type CallFacts, type Op, type SettleOp } from './ops.ts'
import { rehearse } from './rehearsal.ts'
import { accountOf, isEnd, releaseOf, type Waiting } from './waiting.ts'

const { againMax, lookEveryMs, locked } = limits.ledger

export type QueueLimits = {
  /** Calls in one transaction: enough to share a disk flush, few enough to keep locks short. */
  batchOpsMax: number
  /** Ops that wait; the next reservation is refused before it costs anything. */
  queueOpsMax: number
  /** How long a client's reservation waits for a database that does not answer. */
  reserveWaitMsMax: number
  /** How far a call may have begun from the database's now: more, and a clock is off. */
  begunSecondsMax: number
  /** After so long a silence a beat is the first of a new row of them. */
  breakSeconds: number
}

type QueueEvents = {
  /** A transaction failed; what is to be done again of it, is. */
  onFault(failed: BatchFailed, ops: number): void
  /** The end of this op's call cannot be booked, and its hold may still stand. */
  onUnbookable(op: Op, error: Error): void
  /** Whether this one, which the database does not take, may leave the queue. */
  maySetAside(facts: CallFacts): boolean
  /** A settlement came through. */
  onBooked(): void
  /** A hold of this account's is closed. */
  onEnded(facts: CallFacts): void
}

/** What a database that is asked to prove itself comes to. */
export type Readiness = 'ready' | 'database unreachable' | 'database takes no writes'

/** The database takes a rehearsal and not this, and there are too many like it to be set aside. */
const isStuck = (waiting: Waiting) => isEnd(waiting) && waiting.failures > againMax

/**
 * A group-commit queue over one lane: ops wait while the transaction before them runs, then the
 * next one takes them all. An idle queue starts at once. Ops keep their order.
 *
 * What happens when the database goes away, or cannot do it: a reservation waits `reserveWaitMsMax`
 * and is refused; if its commit may have happened, a release of it stays in the queue. A settlement
 * is never given up for that; and while one cannot be booked, nothing new is let in.
 *
 * What an error means is not told by its number alone: a batch that fails is halved until one op is
 * alone, and then the database is asked for a rehearsal. Only where it takes that is the failure
 * the op's own (docs/decisions/0022). An account that somebody keeps locked is set aside.
 */
export class LedgerQueue {
  private waiting: Waiting[] = []
  private inFlight: Waiting[] = []
  private readonly aside = new LockedAccounts<Waiting>()
  /** Whether what is in flight, or was last, was set aside before. */
  private isAside = false
  /** Nobody's lock is waited for until then: one was, for as long as a lane waits. */
  private waryUntilMs = -Infinity
  private wake = () => {}
  /** What the last batch came to, until its answers are given. */
  private done: [Waiting, Result][] = []
  private running: Promise<void> | undefined
  private readonly watch: NodeJS.Timeout
  /** Why nothing can be written, as far as is known; nothing, where the last batch came through. */
  private failing: BatchFailed | undefined
  private provenAt = -Infinity
  private proofs: ((readiness: Readiness) => void)[] = []
  /** How many ops the next batch takes: halved where one fails, doubled where one comes through. */
  private batchOps: number
  /** Failures since the last success: of the database, and for a lock. */
  private outages = 0
  private locked = 0

  constructor(
    private readonly lane: Lane,
    private readonly relayId: Buffer,
    private readonly limits: QueueLimits,
    private readonly events: QueueEvents,
  ) {
    this.batchOps = limits.batchOpsMax
    this.watch = setInterval(() => this.refuseTheWeary(), lookEveryMs)
    this.watch.unref()
  }

  get length() {
    return this.waiting.length + this.inFlight.length + this.aside.length
  }

  /** The bills that wait to be booked, or are being booked right now. */
  owed(): SettleOp[] {
    const all = [...this.inFlight, ...this.waiting, ...this.aside.all()]
    return all.flatMap(({ op }) => (op.kind === 'settle' ? op : []))
  }

  push(op: Op): Promise<Result> {
    if (op.kind === 'reserve' && this.length >= this.limits.queueOpsMax) {
      return Promise.reject(new LedgerAway('the ledger queue is full'))
    }
    if (op.kind === 'reserve' && this.aside.isFull(op.facts.accountId))
      return Promise.reject(new LedgerAway('the account is locked'))
    return new Promise((resolve, reject) => {
      const waiting = {
        op,
        since: performance.now(),
        resolve,
        reject,
        abandoned: false,
        mayBeMade: false,
        failures: 0,
      }
      if (!this.aside.join(waiting)) this.waiting.push(waiting)
      this.goOn()
    })
  }

  /** Whether money can be moved: so it was within the last `freshMs`, or a rehearsal is looked at. */
  prove(freshMs: number): Promise<Readiness> {
    if (!this.failing && performance.now() - this.provenAt < freshMs)
      return Promise.resolve('ready')
    return new Promise((resolve) => {
      this.proofs.push(resolve)
      this.goOn()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle() {
    while (this.running) await this.running
  }

  async close() {
    clearInterval(this.watch)
    await this.lane.close()
  }

  private async work() {
    // A turn of the microtask queue lets everything that was read from sockets together join.
    await Promise.resolve()
    while (this.waiting.length || this.done.length || this.proofs.length || this.aside.length) {
      if (this.proofs.length) {
        this.answerDone()
        await this.rehearse()
      }
      this.inFlight = this.take()
      const carried = this.carry(this.inFlight)
      // The list is on its way to the database before whoever waited for the last one goes on.
      this.answerDone()
      const hasNone = this.inFlight.length === 0
      await carried
      this.inFlight = []
      if (hasNone) await this.rest()
    }
    this.running = undefined
  }

  /** Those whose server may lag are the first of the next batch, which sees what all have. */
  private lookAgain() {
    const behind = this.done.filter(([, result]) => result instanceof MayLag)
    if (behind.length === 0) return
    this.done = this.done.filter(([, result]) => !(result instanceof MayLag))
    const wanted = this.stillWanted(behind.map(([waiting]) => waiting))
    for (const waiting of wanted) waiting.mayBeMade = true
    this.waiting.unshift(...wanted)
  }

  private goOn() {
    this.running ??= this.work()
    this.wake()
  }

  /** Where nothing waits but accounts that are locked: until one is due, or something comes. */
  private async rest() {
    const ms = this.aside.dueInMs()
    if (ms === undefined || this.waiting.length || this.proofs.length) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.wake = resolve
      timer = setTimeout(resolve, ms)
    })
    clearTimeout(timer)
  }

  /** The next batch. While settlements wait for a database that fails, nothing new joins them. */
  private take(): Waiting[] {
    // They take turns with the others, who go first where the database fails.
    const mayTakeAside = this.waiting.length === 0 || !(this.isAside || this.failing)
    const aside = mayTakeAside ? this.aside.take(this.batchOps) : []
    this.isAside = aside.length > 0
    if (this.isAside) return aside
    if (!this.failing || !this.waiting.some(isEnd)) return this.waiting.splice(0, this.batchOps)
    const taken: Waiting[] = []
    this.waiting = this.waiting.filter((waiting) => {
      const isNext = taken.length < this.batchOps && isEnd(waiting)
      if (isNext) taken.push(waiting)
      return !isNext
    })
    return taken
  }

  private async carry(batch: Waiting[]): Promise<void> {
    if (batch.length === 0) return
    const recheck = batch.some(({ mayBeMade }) => mayBeMade)
    const startMs = performance.now()
    const atOnce = this.isAside || startMs < this.waryUntilMs
    const begunMsMax = this.limits.begunSecondsMax * 1_000
    try {
      const ops = batch.map((waiting) => waiting.op)
      const results = await runBatch(this.lane, ops, this.relayId, { recheck, atOnce, begunMsMax })
      // A batch has a result for each of its ops.
      results.forEach((result, i) => this.done.push([batch[i]!, result]))
      this.lookAgain()
      const isBooked = ({ op }: Waiting, i: number) =>
        op.kind === 'settle' && !(results[i] instanceof Error)
      if (batch.some(isBooked)) this.events.onBooked()
      this.outages = this.locked = 0
      this.failing = undefined
      this.batchOps = Math.min(this.limits.batchOpsMax, 2 * Math.max(this.batchOps, batch.length))
      if (batch.some(isEnd)) this.provenAt = performance.now()
      // No batch is empty.
      if (this.isAside) this.waiting.push(...this.aside.free(accountOf(batch[0]!), false))
    } catch (error) {
      const failed = error instanceof BatchFailed ? error : new BatchFailed(error, false)
      this.events.onFault(failed, batch.length)
      const isNews = failed.commitSent && !recheck
      // Also where an answer came: a COMMIT may have been done before its statement was ended.
      if (failed.commitSent) for (const waiting of batch) waiting.mayBeMade = true
      if (failed.isLocked) return this.splitLocked(batch, performance.now() - startMs)
      // Whatever else it is, it is not locked. No batch is empty.
      if (this.isAside) this.waiting.unshift(...this.aside.free(accountOf(batch[0]!), true))
      const next = await this.afterFailure(batch, failed, isNews)
      if (next === 'first') this.waiting.unshift(...this.stillWanted(batch))
      else if (next === 'last') this.waiting.push(...this.stillWanted(batch))
    }
  }

  /** Somebody has a row of these: they are halved until all are of one account, which is set aside. */
  private splitLocked(batch: Waiting[], tookMs: number) {
    // No batch is empty.
    const accountId = accountOf(batch[0]!)
    const isIts = (waiting: Waiting) => accountOf(waiting) === accountId
    if (tookMs >= locked.asideMsMax / 2) this.waryUntilMs = performance.now() + locked.waryMs
    if (!batch.every(isIts)) {
      this.batchOps = batch.length >> 1
      this.waiting.unshift(...this.stillWanted(batch))
      return
    }
    const own = [...batch, ...this.waiting.filter(isIts)]
    this.waiting = this.waiting.filter((waiting) => !isIts(waiting))
    this.aside.setAside(accountId, this.stillWanted(own), tookMs)
  }

  /** Waits as long as it takes, and answers where in the queue a batch that failed goes on. */
  private async afterFailure(
    batch: Waiting[],
    failed: BatchFailed,
    isNews: boolean,
  ): Promise<'first' | 'last' | 'nowhere'> {
    const [lone] = batch.length === 1 ? batch : []
    // Until it is known whose failure it is, nothing new is let in before what is owed.
    if (failed.fault === 'unable') this.failing = failed
    if (failed.fault === 'lost') {
      await this.waitOut(failed)
      return 'first'
    }
    if ((failed.fault === 'again' || failed.isDouble) && ++this.locked <= againMax) {
      this.batchOps = batch.length
      await sleep(5 + Math.random() * 20 * this.locked)
      return 'first'
    }
    this.locked = 0
    if (!lone) {
      this.batchOps = batch.length >> 1
      return 'first'
    }
    // Others were there before it, as often as that may be on a cluster: it waits on, in its time.
    if (failed.fault === 'again') return 'last'
    // What the error of a COMMIT means is not sure: look what stands first.
    return isNews ? 'first' : this.judge(lone, failed)
  }

  /** Whose failure it is: an op's own, which fails, or the database's, for which it waits. */
  private async judge(lone: Waiting, failed: BatchFailed): Promise<'last' | 'nowhere'> {
    if (failed.isAnswer && !(await this.rehearse())) {
      await this.waitOut(this.failing ?? failed)
      return 'last'
    }
    const { op } = lone
    const isRefused = failed.fault === 'refused'
    // What is refused is so at once, and what is not after some tries.
    lone.failures = isRefused ? againMax + 1 : lone.failures + 1
    // Whoever asked for a `lose` asks again.
    const isFree = op.kind === 'reserve' || (isRefused && op.kind === 'lose')
    if (lone.failures > againMax && (isFree || this.events.maySetAside(op.facts))) {
      this.fail(lone, failed)
      return 'nowhere'
    }
    this.failing = failed
    // So many that each on its own cannot be booked are the database's failure after all.
    if (isStuck(lone)) await this.waitOut(failed)
    else await sleep(5 + Math.random() * 20 * lone.failures)
    return 'last'
  }

  private async waitOut(failed: BatchFailed) {
    this.failing = failed
    const ms = Math.min(1_000, 25 * 2 ** Math.min(++this.outages, 6))
    await sleep(ms * (0.5 + Math.random() / 2))
  }

  /** Has the database take what every call writes; tells whoever asked whether it does. */
  private async rehearse(): Promise<boolean> {
    let readiness: Readiness = 'ready'
    try {
      await rehearse(this.lane, this.relayId, this.limits.breakSeconds)
      if (this.waiting.some(isStuck)) readiness = 'database takes no writes'
      else {
        this.failing = undefined
        this.provenAt = performance.now()
      }
    } catch (error) {
      const failed = error instanceof BatchFailed ? error : new BatchFailed(error, false)
      this.events.onFault(failed, 0)
      if (failed.fault !== 'again') this.failing = failed
      readiness = failed.isAnswer ? 'database takes no writes' : 'database unreachable'
    }
    for (const tell of this.proofs.splice(0)) tell(readiness)
    return readiness === 'ready'
  }

  private answerDone() {
    for (const [waiting, result] of this.done.splice(0)) this.answer(waiting, result)
  }

  private answer(waiting: Waiting, result: Result) {
    if (result instanceof Error) return this.fail(waiting, result)
    if (waiting.abandoned && 'granted' in result && result.granted) {
      // Nobody waits for it; one that cannot be booked has been told of, as every settlement is.
      this.push(releaseOf(waiting.op.facts)).catch(() => undefined)
    }
    if (isEnd(waiting)) this.events.onEnded(waiting.op.facts)
    waiting.resolve(result)
  }

  private fail(waiting: Waiting, error: Error) {
    waiting.reject(error)
    const { op, mayBeMade } = waiting
    // Whoever asked for a `lose` asks again; the release of a reservation has nobody else.
    if (op.kind === 'settle' || (op.kind === 'reserve' && mayBeMade))
      this.events.onUnbookable(op, error)
  }

  private abandon(waiting: Waiting, why: string) {
    waiting.abandoned = true
    waiting.reject(new LedgerAway(why))
  }

  /**
   * Abandoned reservations leave the queue, or stay as their own release where they may be made.
   */
  private stillWanted(batch: Waiting[]): Waiting[] {
    return batch.flatMap((waiting) => {
      if (!waiting.abandoned || isEnd(waiting)) return [waiting]
      const release = { ...waiting, op: releaseOf(waiting.op.facts), abandoned: false }
      return waiting.mayBeMade ? [release] : []
    })
  }

  private refuseTheWeary() {
    const oldest = performance.now() - this.limits.reserveWaitMsMax
    const weary = (w: Waiting) => !isEnd(w) && !w.abandoned && w.since < oldest
    for (const waiting of [...this.inFlight, ...this.waiting])
      if (weary(waiting)) this.abandon(waiting, 'the database does not answer')
    for (const waiting of this.aside.all())
      if (weary(waiting)) this.abandon(waiting, 'the account is locked')
    this.waiting = this.stillWanted(this.waiting)
    this.aside.change((ops) => this.stillWanted(ops))
  }
}
