import { costOf, tierCharged } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import type { BodyShare, Exchange } from '../http/http.server.ts'
import {
  noUsage,
  type Bill,
  type CallFacts,
  type Grant,
  type Settlement,
  type Usage,
} from '../ledger/ledger.server.ts'
import type { Services } from '../services.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import type { EarlyEnd } from './early-end.ts'
import { isSameModel } from './openai/same-model.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { plainFactor } from '../values/factors.ts'
import { tellableCode } from '../values/tellable-code.ts'

const { settleWaitMsMax } = limits.ledger

/** How a call ended, for the books. */
export type End = Pick<Bill, 'outcome' | 'statusCode' | 'errorCode'>

/** The client has left before its answer was there, also where that came to a good end. */
export const leftEnd: End = {
  outcome: 'disconnected',
  statusCode: 499,
  errorCode: 'client_closed_request',
}

/** All that is known of a call when it has ended. */
export type Ended = {
  end: End
  usage: Usage
  /** What the upstream used besides, as far as we know, and nobody is charged for. */
  waived?: Usage
  /** What the upstream says it served the call at; null where it does not say. */
  serviceTier: string | null
  /** The model that it says has answered; null where it does not say. */
  model: string | null
  /** Undefined where the upstream has not answered. */
  answer: UpstreamAnswer | undefined
}

type RunParameters = {
  services: Services
  exchange: Exchange
  endpoint: Endpoint
  call: Call
  facts: CallFacts
  grant: Grant
  earlyEnd: EarlyEnd
  /** A header of the client's request. */
  clientHeader(name: string): string | null
  /** What the call's body takes of memory. */
  share: BodyShare
  /** Called once, when nothing of the call is under way any more. */
  onSettled(): void
}

/** One call that was let in: what it may cost, what ends it early, and its one settlement. */
export class Run {
  readonly services: Services
  readonly exchange: Exchange
  readonly endpoint: Endpoint
  readonly call: Call
  readonly grant: Grant
  readonly earlyEnd: EarlyEnd
  readonly clientHeader: RunParameters['clientHeader']
  readonly share: BodyShare
  readonly facts: CallFacts
  private readonly onSettled: () => void
  private readonly timer: NodeJS.Timeout
  private firstByteMs: number | null = null
  private upstreamCode: string | null = null
  private settled: Promise<number> | undefined

  constructor(parameters: RunParameters) {
    this.services = parameters.services
    this.exchange = parameters.exchange
    this.endpoint = parameters.endpoint
    this.call = parameters.call
    this.grant = parameters.grant
    this.earlyEnd = parameters.earlyEnd
    this.clientHeader = parameters.clientHeader
    this.share = parameters.share
    this.facts = parameters.facts
    this.onSettled = parameters.onSettled
    this.exchange.wasLetIn = true
    this.timer = setTimeout(() => this.earlyEnd.cut('timeout'), limits.upstream.totalMsMax)
  }

  get accountId() {
    return this.facts.accountId
  }

  /** What the upstream called its error, or the network the lack of an answer: the first of them. */
  noteUpstreamCode(...names: (string | undefined)[]) {
    this.upstreamCode ??= tellableCode(names) ?? null
  }

  noteFirstByte() {
    this.firstByteMs ??= this.elapsedMs()
  }

  /**
   * Charges the call, frees the rest of its hold and answers what it costs, in nano-dollars; only
   * the first settlement of a call counts. Waits a little for a database that is away, never
   * longer: the hold protects the money meanwhile. Rejects when the call cannot be booked at all,
   * and then gives it up as lost, so that nothing stays held.
   */
  settle(ended: Ended): Promise<number> {
    this.settled ??= this.book(ended)
    return this.settled
  }

  /** Settles a call that costs nothing. */
  release(end: End, answer: UpstreamAnswer | undefined): Promise<number> {
    return this.settle({ end, usage: noUsage, serviceTier: null, model: null, answer })
  }

  private elapsedMs() {
    return Math.round(performance.now() - this.exchange.startedMs)
  }

  private async book(ended: Ended): Promise<number> {
    clearTimeout(this.timer)
    this.onSettled()
    const { facts, services, exchange } = this
    let bill: Bill
    try {
      bill = this.billFor(ended)
      this.noteBill(bill)
    } catch (error) {
      // A bill that cannot be made fails like one that cannot be booked.
      services.ledger.giveUp(facts, error)
      throw error
    }
    await withinMs(bookFor(services, exchange.requestId, { facts, bill }), settleWaitMsMax)
    return bill.costNanos
  }

  private billFor({ end, usage, waived, serviceTier, model, answer }: Ended): Bill {
    const { facts, services, call } = this
    const { terms } = call.model
    const served = serviceTier?.replace(/[^\w.-]/g, '').slice(0, 20) ?? null
    // What the row says is what is charged for.
    const tier = tierCharged(terms, call.serviceTier, served)
    const costNanos = costOf(terms, usage, tier)
    const waivedNanos = waived ? Math.max(0, costOf(terms, waived, tier) - costNanos) : 0
    return {
      outcome: end.outcome,
      statusCode: end.statusCode,
      errorCode: end.errorCode,
      usage,
      priceId: call.model.price.id,
      priceFactor: plainFactor,
      accountFactor: this.grant.accountFactor,
      costNanos,
      upstreamNanos: null,
      waivedNanos,
      serviceTier: tier,
      upstream: answer ? services.upstreams.environment : null,
      upstreamKey: null,
      upstreamRequestId: idOf(answer),
      upstreamStatus: answer?.status ?? null,
      upstreamCode: this.upstreamCode,
      otherModel: otherThan(services, call, model, facts.startedAt),
      firstByteMs: this.firstByteMs,
      totalMs: this.elapsedMs(),
      attempts: 1,
      tries: null,
      endedAt: new Date(facts.startedAt.getTime() + this.elapsedMs()),
    }
  }

  /** Whoever leaves before anything has come may be a proxy with less patience than a model needs. */
  noteLeft() {
    const call = this.exchange.requestId
    const client_left_after_ms = Math.round(this.elapsedMs())
    this.services.log.info('client_left', { call, client_left_after_ms })
  }

  private noteBill({ waivedNanos, outcome, otherModel }: Bill) {
    const call = this.exchange.requestId
    const { model } = this.facts
    if (otherModel !== null)
      this.services.log.warn('another_model', { call, model, answered: otherModel })
    if (waivedNanos > 0) this.services.log.warn('waived', { call, outcome, waivedNanos })
  }
}

/**
 * Books a bill, however long the database is away. Apart from the run, because what waits would
 * keep it in memory, and with it the text of its request: nothing here knows more than the books.
 */
function bookFor(
  { ledger, log }: Pick<Services, 'ledger' | 'log'>,
  call: string,
  { facts, bill }: { facts: CallFacts; bill: Bill },
): Promise<Settlement> {
  const booked = ledger.settle({ facts, bill })
  booked.then(
    ({ state, overrunNanos }) => {
      if (state === 'late') log.warn('settled_late', { call })
      if (overrunNanos > 0) log.warn('overrun', { call, overrunNanos })
    },
    (error: unknown) => ledger.giveUp(facts, error),
  )
  return booked
}

/** The model that says it has answered, where it is not the one that was asked for. */
function otherThan(
  { catalog }: Pick<Services, 'catalog'>,
  { model }: Call,
  answered: string | null,
  at: Date,
): string | null {
  if (answered === null) return null
  // A snapshot may be a model of its own here, with its own price.
  const own = catalog.find(answered, at)
  const isSame = own ? own.name === model.name : isSameModel(model.name, answered, model.aliases)
  if (isSame) return null
  return answered.replace(/\p{C}/gu, '').slice(0, 100)
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
