import { AbortEmitter } from '../http/http.server.ts'
import type { ChatRequest } from './chat/request.ts'
import type { Bill, CallFacts, Grant, Settlement, Usage } from '../ledger/ledger.server.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import { costOf } from '../catalog/catalog.server.ts'
import type { Exchange } from '../http/http.server.ts'
import type { Services } from '../services.ts'
import { limits } from '../config/limits.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'

type Ending = Pick<Bill, 'outcome' | 'statusCode' | 'errorCode'>
export type Cut = 'client' | 'revoked' | 'stalled' | 'timeout' | 'shutdown'

/** One call that was let in: what it may cost, what ends it early, and its one settlement. */
export class Run {
  /** Ends the call to the upstream. */
  readonly signal = new AbortEmitter()
  cutBy: Cut | undefined
  firstByteMs: number | null = null
  upstreamAnswer: UpstreamAnswer | undefined
  /** What the upstream says it charged for; else what the client asked for. */
  serviceTier: string | null
  /** What the call costs, once it has been settled; what its hold covers of it is charged. */
  costNanos = 0
  /** Called once, when nothing of the call is under way any more. */
  onSettled: () => void = () => undefined
  private readonly timer: NodeJS.Timeout
  private settled: Promise<void> | undefined

  constructor(
    readonly services: Services,
    readonly exchange: Exchange,
    readonly call: ChatRequest,
    readonly facts: CallFacts,
    readonly grant: Grant,
    readonly clientHeaders: Headers,
  ) {
    this.serviceTier = call.serviceTier
    this.timer = setTimeout(() => this.cut('timeout'), limits.upstream.totalMsMax)
  }

  /** Ends the call early; the first reason stands. */
  cut(by: Cut) {
    this.cutBy ??= by
    this.signal.abort()
  }

  elapsedMs() {
    return Math.round(performance.now() - this.exchange.startedMs)
  }

  noteFirstByte() {
    this.firstByteMs ??= this.elapsedMs()
  }

  /**
   * Charges the call and frees the rest of its hold; only the first settlement of a call counts.
   * Waits a little for a database that is away, never longer: the hold protects the money
   * meanwhile. Rejects when the call cannot be booked at all, and then gives it up as lost, so that
   * nothing stays held.
   */
  settle(end: Ending, usage: Usage): Promise<void> {
    this.settled ??= this.book(end, usage)
    return this.settled
  }

  private async book(end: Ending, usage: Usage): Promise<void> {
    clearTimeout(this.timer)
    this.onSettled()
    const { services, facts } = this
    // A bill that cannot be made fails like one that cannot be booked.
    const booked = (async () => services.ledger.settle({ facts, bill: this.billFor(end, usage) }))()
    booked.then(
      (settlement) => this.noteSettlement(settlement),
      (error: unknown) => services.ledger.giveUp(facts, error),
    )
    await withinMs(booked, limits.ledger.settleWaitMsMax)
  }

  private billFor(end: Ending, usage: Usage): Bill {
    const { facts, upstreamAnswer, services } = this
    this.costNanos = costOf(this.call.model.price.terms, usage, this.serviceTier)
    return {
      outcome: end.outcome,
      statusCode: end.statusCode,
      errorCode: end.errorCode,
      usage,
      costNanos: this.costNanos,
      serviceTier: this.serviceTier?.replace(/[^\w.-]/g, '').slice(0, 20) ?? null,
      upstream: upstreamAnswer ? services.upstream.name : null,
      upstreamRequestId: idOf(upstreamAnswer),
      firstByteMs: this.firstByteMs,
      totalMs: this.elapsedMs(),
      attempts: 1,
      endedAt: new Date(facts.startedAt.getTime() + this.elapsedMs()),
    }
  }

  release(end: Ending): Promise<void> {
    return this.settle(end, noUsage)
  }

  private noteSettlement({ state, overrunNanos }: Settlement) {
    const call = this.exchange.requestId
    if (state === 'late') this.services.log.warn('settled_late', { call })
    if (overrunNanos > 0) this.services.log.warn('overrun', { call, overrunNanos })
  }
}

/** Resolves with the work, or without it when that takes longer; the work goes on. */
async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function idOf(answer: UpstreamAnswer | undefined): string | null {
  const id = answer?.headers['x-request-id']
  return typeof id === 'string' ? id.replace(/[^\x21-\x7e]/g, '').slice(0, 100) : null
}
