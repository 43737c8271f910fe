import type { ChatRequest } from './read.ts'
import type { Bill, CallFacts, Grant, Settlement, Usage } from '../ledger/ledger.server.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import { costOf } from '../catalog/catalog.server.ts'
import type { Exchange, Services } from '../services.ts'
import { limits } from '../config/limits.ts'
import { failureFields } from '../log.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'

export type Cut = 'client' | 'revoked' | 'stalled' | 'timeout'

/** One call that was let in: what it may cost, what ends it early, and its one settlement. */
export class Run {
  private readonly controller = new AbortController()
  readonly signal = this.controller.signal
  cutBy: Cut | undefined
  firstByteMs: number | null = null
  upstreamAnswer: UpstreamAnswer | undefined
  /** What the upstream says it charged for; else what the client asked for. */
  serviceTier: string | null
  /** Called once, when nothing of the call is under way any more. */
  onSettled: () => void = () => undefined
  private readonly timer: NodeJS.Timeout

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
    this.controller.abort()
  }

  elapsedMs() {
    return Math.round(performance.now() - this.exchange.startedMs)
  }

  noteFirstByte() {
    this.firstByteMs ??= this.elapsedMs()
  }

  costOf(usage: Usage): number {
    return costOf(this.call.model.price.terms, usage, this.serviceTier)
  }

  /** Charges the call and frees the rest of its hold. Waits a little, never for a database that is away. */
  async settle(
    end: Pick<Bill, 'outcome' | 'statusCode' | 'errorCode'>,
    usage: Usage,
  ): Promise<void> {
    clearTimeout(this.timer)
    this.onSettled()
    const { services, facts, upstreamAnswer } = this
    const { upstream, ledger, log } = services
    const bill: Bill = {
      ...end,
      usage,
      costNanos: this.costOf(usage),
      serviceTier: this.serviceTier?.replace(/[^\w.-]/g, '').slice(0, 20) ?? null,
      upstream: upstreamAnswer ? upstream.name : null,
      upstreamRequestId: idOf(upstreamAnswer),
      firstByteMs: this.firstByteMs,
      totalMs: this.elapsedMs(),
      attempts: 1,
      endedAt: new Date(facts.startedAt.getTime() + this.elapsedMs()),
    }
    const settled = ledger.settle({ facts, bill })
    settled.then(
      (settlement) => this.noteSettlement(settlement),
      (error: unknown) =>
        log.error('settle_failed', { call: this.exchange.requestId, ...failureFields(error) }),
    )
    await Promise.race([settled, waited(limits.ledger.settleWaitMsMax)])
  }

  release(end: Pick<Bill, 'outcome' | 'statusCode' | 'errorCode'>): Promise<void> {
    return this.settle(end, noUsage)
  }

  private noteSettlement({ state, overrunNanos }: Settlement) {
    const call = this.exchange.requestId
    if (state === 'late') this.services.log.warn('settled_late', { call })
    if (overrunNanos > 0) this.services.log.warn('overrun', { call, overrunNanos })
  }
}

/** The hold protects the money meanwhile; the settlement goes on behind. */
function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

function idOf(answer: UpstreamAnswer | undefined): string | null {
  const id = answer?.headers['x-request-id']
  return typeof id === 'string' ? id.replace(/[^\x21-\x7e]/g, '').slice(0, 100) : null
}
