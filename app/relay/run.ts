import { costOf, termsAt, tierCharged, type Offer } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import type { ApiRequest, BodyShare, Exchange } from '../http/http.server.ts'
import {
  noUsage,
  type Bill,
  type CallFacts,
  type Grant,
  type Settlement,
  type Usage,
} from '../ledger/ledger.server.ts'
import type { Pass } from '../rates/rates.server.ts'
import type { Services } from '../services.ts'
import type { Candidates, UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import type { EarlyEnd } from './early-end.ts'
import { hasHeardOfTier } from './attempts/tier.ts'
import { isSameModel } from './openai/same-model.ts'
import type { Call, Endpoint, Way } from './endpoint.ts'

const { settleWaitMsMax } = limits.ledger

/** How a call ended, for the books. */
export type End = Pick<Bill, 'outcome' | 'statusCode' | 'errorCode'>

/** The client has left before its answer was there, also where that came to a good end. */
export const leftEnd: End = {
  outcome: 'disconnected',
  statusCode: 499,
  errorCode: 'client_closed_request',
}

/** Whether somebody may have charged for an attempt: the one that was billed, nobody, or who knows. */
export type Charged = boolean | 'maybe'

/** What an attempt was, for the row of its call. */
export type Tried = {
  upstream: string
  key: string
  status: number | null
  code: string | null
  id: string | null
  ms: number
  charged: Charged
}

/** What the books and the answer's headers need to know of an attempt. */
export type Attempted = {
  offer: Offer
  way: Way
  /** Of the upstream, and of the operator's key there. */
  names: { upstream: string; key: string }
  answer: UpstreamAnswer | undefined
  status: number | null
  requestId: string | null
  /** The name that the upstream gave its error, or the network the lack of an answer. */
  upstreamCode: string | null
  /** From the beginning of the call; null where nothing of an answer came. */
  firstByteMs: number | null
  isLimited: boolean
  told(isBilled: boolean): Tried
  /** Whether what its upstream says tells the operator's key. */
  tells(text: string): boolean
  /** How many tokens it has used. */
  used(tokens: number): void
  /** Nothing more becomes of it. */
  close(): void
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
}

/** What a call goes by of its request when the body has been read. */
export type ClientHead = Pick<ApiRequest, 'header' | 'headerNames' | 'url'>

type RunParameters = {
  services: Services
  exchange: Exchange
  endpoint: Endpoint
  call: Call
  facts: CallFacts
  grant: Grant
  /** What it has taken of its limits; absent where there are none. */
  pass?: Pass
  /** Tokens of input that it was reckoned at by its bytes. */
  inputBound: number
  /** Where it can go; what is held covers each of them. */
  candidates: Candidates<Offer>
  earlyEnd: EarlyEnd
  /** The head of the client's request. */
  client: ClientHead
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
  readonly pass: Pass | undefined
  private readonly inputBound: number
  readonly candidates: Candidates<Offer>
  /** Every attempt at it, the last one last. */
  readonly tries: Attempted[] = []
  readonly earlyEnd: EarlyEnd
  readonly client: ClientHead
  readonly share: BodyShare
  readonly facts: CallFacts
  private readonly onSettled: () => void
  /** By the upstream that is asked, before all calls are. */
  private isEndedSooner = false
  private timer: NodeJS.Timeout
  /** What attempts that failed have used, as far as we know: nano-dollars at their prices. */
  private readonly wasted: Promise<number>[] = []
  private settled: Promise<number> | undefined

  constructor(parameters: RunParameters) {
    this.services = parameters.services
    this.exchange = parameters.exchange
    this.endpoint = parameters.endpoint
    this.call = parameters.call
    this.grant = parameters.grant
    this.pass = parameters.pass
    this.inputBound = parameters.inputBound
    this.candidates = parameters.candidates
    this.earlyEnd = parameters.earlyEnd
    this.client = parameters.client
    this.share = parameters.share
    this.facts = parameters.facts
    this.onSettled = parameters.onSettled
    this.exchange.wasLetIn = true
    this.timer = this.timeOutIn(limits.upstream.totalMsMax)
  }

  get accountId() {
    return this.facts.accountId
  }

  /** The attempt that begins may take so long, and the call no longer than any. */
  endAttemptAfter(totalMs: number) {
    const leftMs = limits.upstream.totalMsMax - this.elapsedMs()
    if (totalMs >= leftMs && !this.isEndedSooner) return
    this.isEndedSooner = totalMs < leftMs
    clearTimeout(this.timer)
    this.timer = this.timeOutIn(Math.min(totalMs, leftMs))
  }

  private timeOutIn(ms: number) {
    return setTimeout(() => this.earlyEnd.cut('timeout'), ms)
  }

  /** An attempt that failed may have used so much, for which nobody is charged. Never rejects. */
  waive(tried: Attempted, used: Promise<Pick<Ended, 'waived'>>) {
    const { offer } = tried
    const tier = this.tierOf(offer, tried, null)
    this.wasted.push(used.then(({ waived }) => (waived ? this.nanosOf(offer, waived, tier) : 0)))
  }

  private tierOf({ terms }: Offer, tried: Attempted | undefined, served: string | null) {
    const { call } = this
    const isHeardOf = tried !== undefined && hasHeardOfTier(call, tried)
    return tierCharged(terms, call.serviceTier, served, isHeardOf)
  }

  private nanosOf({ terms, priceFactor }: Offer, usage: Usage, tier: string | null): number {
    const { accountFactor } = this.grant
    return costOf(terms, usage, tier, { priceFactor, accountFactor })
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

  /**
   * Notes whose the answer of this id is, before its last bytes go out. Where that fails the answer
   * is as good, and nobody can go on from it. Asked for the id only where somebody wants it: a
   * whole stream may have to be looked into for it.
   */
  async keep(idOf: () => string | null | undefined): Promise<void> {
    const { endpoint, call, accountId, services, exchange } = this
    const place = this.tries.at(-1)?.names
    if (!place || !endpoint.kept?.note) return
    const id = idOf()
    if (!id) return
    try {
      await endpoint.kept.note(id, call, { accountId, place }, services)
    } catch (error) {
      services.log.failed('answer_not_kept', error, { call: exchange.requestId })
    }
  }

  get isSettled() {
    return this.settled !== undefined
  }

  /** Settles a call that costs nothing. */
  release(end: End): Promise<number> {
    return this.settle({ end, usage: noUsage, serviceTier: null, model: null })
  }

  elapsedMs() {
    return Math.round(performance.now() - this.exchange.startedMs)
  }

  private async book(ended: Ended): Promise<number> {
    clearTimeout(this.timer)
    const { facts, services, exchange } = this
    let wastedNanos = 0
    for (const nanos of this.wasted) wastedNanos += await nanos
    this.onSettled()
    this.leaveLimits(ended)
    let bill: Bill
    try {
      bill = this.billFor(ended, wastedNanos)
      this.noteBill(bill)
    } catch (error) {
      // A bill that cannot be made fails like one that cannot be booked.
      services.ledger.giveUp(facts, error)
      throw error
    }
    await withinMs(bookFor(services, exchange.requestId, { facts, bill }), settleWaitMsMax)
    return bill.costNanos
  }

  /** What it has used, whatever was reckoned; of what nobody has counted nothing is learned. */
  private leaveLimits({ usage, waived }: Ended) {
    const { pass, services, accountId, inputBound } = this
    const { inputTokens, outputTokens, source } = usage
    const ofUpstream = waived ?? usage
    this.tries.at(-1)?.used(ofUpstream.inputTokens + ofUpstream.outputTokens)
    pass?.end(inputTokens + outputTokens)
    if (source !== 'none') services.rates.shares.learn(accountId, inputBound, inputTokens)
  }

  private billFor(ended: Ended, wastedNanos: number): Bill {
    const { end, usage, waived } = ended
    const { facts, services, call, tries } = this
    const last = tries.at(-1)
    const tellable = (text: string | null) => (text !== null && last?.tells(text) ? null : text)
    const serviceTier = tellable(ended.serviceTier)
    const model = tellable(ended.model)
    // A model that is on sale has an offer.
    const offer = last?.offer ?? call.reachable[0]!
    const served = serviceTier?.replace(/[^\w.-]/g, '').slice(0, 20) ?? null
    // What the row says is what is charged for.
    const tier = this.tierOf(offer, last, served)
    const costNanos = this.nanosOf(offer, usage, tier)
    const waivedNanos = waived ? Math.max(0, this.nanosOf(offer, waived, tier) - costNanos) : 0
    const isBilled = costNanos > 0 || end.outcome === 'completed'
    return {
      outcome: end.outcome,
      statusCode: end.statusCode,
      errorCode: end.errorCode,
      usage,
      priceId: offer.price.id,
      priceFactor: offer.priceFactor,
      accountFactor: this.grant.accountFactor,
      costNanos,
      upstreamNanos: this.upstreamNanosOf(offer, waived ?? usage, tier),
      waivedNanos: waivedNanos + wastedNanos,
      serviceTier: tier,
      upstream: last?.names.upstream ?? null,
      upstreamKey: last?.names.key ?? null,
      upstreamRequestId: last?.requestId ?? null,
      upstreamStatus: last?.status ?? null,
      upstreamCode: last?.upstreamCode ?? null,
      otherModel: otherThan(services, { call, offer }, model, facts.startedAt),
      firstByteMs: last?.firstByteMs ?? null,
      totalMs: this.elapsedMs(),
      attempts: tries.length,
      tries: tries.length > 1 ? toldOf(tries, isBilled) : null,
      endedAt: new Date(facts.startedAt.getTime() + this.elapsedMs()),
    }
  }

  /** What the operator pays the upstream, by its own price of when the call began. */
  private upstreamNanosOf({ cost }: Offer, usage: Usage, tier: string | null): number | null {
    return cost ? costOf(termsAt(cost.terms, this.facts.startedAt), usage, tier) : null
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
  { call: { model }, offer: { theirName } }: { call: Call; offer: Offer },
  answered: string | null,
  at: Date,
): string | null {
  if (answered === null || answered === theirName) return null
  // A snapshot may be a model of its own here, with its own price.
  const own = catalog.find(answered, at)
  const isSame = own
    ? own.name === model.name
    : isSameModel(model.name, answered, model.aliases) || isSameModel(theirName, answered, [])
  if (isSame) return null
  return answered.replace(/\p{C}/gu, '').slice(0, 100)
}

/** Resolves with the work, or without it when that takes longer; the work goes on. */
function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  // A race and its `finally` make six promises more, for each call.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    work.then(
      () => {
        clearTimeout(timer)
        resolve()
      },
      (error: Error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

/** Every attempt, as the row has them: only the last one is ever billed. */
const toldOf = (tries: readonly Attempted[], isBilled: boolean) =>
  JSON.stringify(tries.map((it, i) => it.told(isBilled && i === tries.length - 1)))
