import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../config/limits.ts'
import type { Lane } from '../db/db.server.ts'
import { BatchFailed, runBatch, type Result } from './batch.ts'
import { noUsage, type CallFacts, type Op, type SettleOp } from './ops.ts'

const { againMax, lookEveryMs } = limits.ledger

/** The ledger cannot take this on now: its queue is full, or the database does not answer. */
export class LedgerAway extends Error {
  readonly code = 'LEDGER_AWAY'
}

export type QueueLimits = {
  /** Calls in one transaction: enough to share a disk flush, few enough to keep locks short. */
  batchOpsMax: number
  /** Ops that wait; the next reservation is refused before it costs anything. */
  queueOpsMax: number
  /** How long a client's reservation waits for a database that does not answer. */
  reserveWaitMsMax: number
}

type QueueEvents = {
  /** A transaction failed; what is to be done again of it, is. */
  onFault(failed: BatchFailed, ops: number): void
  /** This call's end cannot be booked, and its hold may still stand. */
  onUnbookable(facts: CallFacts, error: unknown): void
}

type Waiting = {
  op: Op
  since: number
  resolve(result: Result): void
  reject(error: Error): void
  /** The client was told no; a grant that still comes true is given back. */
  abandoned: boolean
}

const releaseOf = (facts: CallFacts): SettleOp => ({
  kind: 'settle',
  facts,
  mayBeAbsent: true,
  bill: {
    outcome: 'failed',
    statusCode: 503,
    errorCode: 'overloaded',
    usage: noUsage,
    costNanos: 0,
    serviceTier: null,
    upstream: null,
    upstreamRequestId: null,
    upstreamStatus: null,
    upstreamCode: null,
    waivedNanos: 0,
    otherModel: null,
    firstByteMs: null,
    totalMs: null,
    attempts: 0,
    endedAt: new Date(),
  },
})

/**
 * A group-commit queue over one lane: ops wait while the transaction before them runs, then the
 * next one takes them all. An idle queue starts at once. Ops keep their order.
 *
 * What happens when the database goes away: a reservation waits `reserveWaitMsMax` and is refused;
 * if its commit may have happened, a release of it stays in the queue. A settlement is never given
 * up.
 */
export class LedgerQueue {
  private waiting: Waiting[] = []
  private inFlight: Waiting[] = []
  /** What the last batch came to, until its answers are given. */
  private done: [Waiting, Result][] = []
  private running: Promise<void> | undefined
  private readonly watch: NodeJS.Timeout

  constructor(
    private readonly lane: Lane,
    private readonly relayId: Buffer,
    private readonly limits: QueueLimits,
    private readonly events: QueueEvents,
  ) {
    this.watch = setInterval(() => this.refuseTheWeary(), lookEveryMs)
    this.watch.unref()
  }

  get length() {
    return this.waiting.length + this.inFlight.length
  }

  push(op: Op): Promise<Result> {
    if (op.kind === 'reserve' && this.length >= this.limits.queueOpsMax) {
      return Promise.reject(new LedgerAway('the ledger queue is full'))
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ op, since: performance.now(), resolve, reject, abandoned: false })
      this.running ??= this.work()
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
    while (this.waiting.length || this.done.length) {
      this.inFlight = this.waiting.splice(0, this.limits.batchOpsMax)
      const carried = this.carry(this.inFlight)
      // The list is on its way to the database before whoever waited for the last one goes on.
      this.answerDone()
      await carried
      this.inFlight = []
    }
    this.running = undefined
  }

  private async carry(batch: Waiting[], recheck = false): Promise<void> {
    let locked = 0
    for (let tries = 1; batch.length; tries++) {
      try {
        const ops = batch.map((waiting) => waiting.op)
        const results = await runBatch(this.lane, ops, this.relayId, recheck)
        // A batch has a result for each of its ops.
        results.forEach((result, i) => this.done.push([batch[i]!, result]))
        return
      } catch (error) {
        const failed = error instanceof BatchFailed ? error : new BatchFailed(error, false)
        this.events.onFault(failed, batch.length)
        const isNews = failed.commitSent && !recheck
        // Also where an answer came: a COMMIT may have been done before its statement was ended.
        recheck ||= failed.commitSent
        if (failed.fault === 'lost') {
          batch = this.keepAfterLoss(batch, recheck)
          await sleep(Math.min(1_000, 25 * 2 ** Math.min(tries, 6)) * (0.5 + Math.random() / 2))
          batch = this.keepAfterLoss(batch, recheck)
        } else if (failed.fault === 'again' && ++locked <= againMax) {
          await sleep(5 + Math.random() * 20 * locked)
        } else if (batch.length === 1) {
          // What the error of a COMMIT means is not sure where nobody knows it: look, and try again.
          if (failed.fault === 'refused' && isNews) continue
          // One is left.
          return this.giveUp(batch[0]!, failed, recheck)
        } else {
          const half = batch.length >> 1
          await this.carry(batch.slice(0, half), recheck)
          // The other half may take its time.
          this.answerDone()
          batch = batch.slice(half)
          tries = locked = 0
        }
      }
    }
  }

  private answerDone() {
    for (const [waiting, result] of this.done.splice(0)) this.answer(waiting, result)
  }

  private answer(waiting: Waiting, result: Result) {
    if (result instanceof Error) return this.fail(waiting, result, false)
    if (waiting.abandoned && 'granted' in result && result.granted) {
      // Nobody waits for it; one that cannot be booked has been told of, as every settlement is.
      this.push(releaseOf(waiting.op.facts)).catch(() => undefined)
    }
    waiting.resolve(result)
  }

  /**
   * Only an op that is itself wrong fails for good; one that others kept from its rows waits on.
   */
  private giveUp(waiting: Waiting, failed: BatchFailed, mayBeMade: boolean) {
    if (failed.fault === 'refused') return this.fail(waiting, failed, mayBeMade)
    if (waiting.op.kind === 'reserve') {
      waiting.abandoned = true
      waiting.reject(new LedgerAway('the account is locked', { cause: failed }))
    }
    this.waiting.push(...this.keepAfterLoss([waiting], mayBeMade))
  }

  private fail(waiting: Waiting, error: Error, mayBeMade: boolean) {
    waiting.reject(error)
    const { kind, facts } = waiting.op
    // Whoever asked for a `lose` asks again; the release of a reservation has nobody else.
    if (kind === 'settle' || (kind === 'reserve' && mayBeMade))
      this.events.onUnbookable(facts, error)
  }

  /**
   * Abandoned reservations leave the batch, or stay as their own release where they may be made.
   */
  private keepAfterLoss(batch: Waiting[], mayBeMade: boolean): Waiting[] {
    return batch.flatMap((waiting) => {
      if (!waiting.abandoned || waiting.op.kind !== 'reserve') return [waiting]
      const release = { ...waiting, op: releaseOf(waiting.op.facts), abandoned: false }
      return mayBeMade ? [release] : []
    })
  }

  private refuseTheWeary() {
    const oldest = performance.now() - this.limits.reserveWaitMsMax
    const weary = (w: Waiting) => w.op.kind === 'reserve' && !w.abandoned && w.since < oldest
    for (const waiting of [...this.inFlight, ...this.waiting]) {
      if (!weary(waiting)) continue
      waiting.abandoned = true
      waiting.reject(new LedgerAway('the database does not answer'))
    }
    this.waiting = this.waiting.filter((waiting) => !waiting.abandoned)
  }
}
