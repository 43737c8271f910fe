import type { Catalog, Offer, PricedModel } from '../catalog/catalog.server.ts'
import type { ErrorWords } from '../errors/errors.ts'
import type { Refused } from '../errors/refusal.ts'
import type { Ask, Usage } from '../ledger/ledger.server.ts'
import type { LimitFigures } from '../rates/rates.server.ts'
import type { Services } from '../services.ts'
import type { Steps } from './text/steps.ts'

/** Members that may pass although nobody here knows what they cost. */
export type Allowed = Pick<ReadonlySet<string>, 'has'>

/** A request as the pipeline knows it; each endpoint knows more of its own. */
export type Call = {
  model: PricedModel
  /** Of the model's, those that have a price for what the client asks for: at least one. */
  offers: readonly Offer[]
  /** Of those, where the call may go, the first one first: what is held covers these. */
  reachable: readonly Offer[]
  streamed: boolean
  /** What the client asks to be served at; the upstream may say otherwise in its answer. */
  serviceTier: string | null
  /** It has the model read something of which only the upstream knows how many tokens it is. */
  unsized: boolean
  /** The model may think, by the catalogue or as it is asked: only the upstream knows how much. */
  mayThink: boolean
  /** What the client calls the beginning that its prompts share, where it has a name for it. */
  cacheKey: string | null
  /** Tokens of input, as they were last bounded, before what the model can read bounds them. */
  inputBound?: number
  /** The smallest limit on output that is no mistake; 1 where it is absent. */
  outputTokensLeast?: number
  /** It may go where no limit bounds the output, so that the hold is for all that the model can say. */
  isUnlimited: boolean
}

/** How the upstream of an attempt wants its calls, and says what it has used. */
export type Way = {
  /** Its name for the model; null where what the client has written may stand. */
  theirName: string | null
  /** Members at the top of a body, by the upstream's names; undefined is left out. */
  set: Readonly<Record<string, unknown>>
  drop: readonly string[]
  /** Members that go out as an HMAC of what the client has said there, where it has. */
  pseudonyms?: { names: readonly string[]; of(name: string, given: string): string }
  /** Its names by ours. */
  rename: Readonly<Record<string, string>>
  /** The member that limits the output; null is the endpoint's own. */
  limitMember: 'max_tokens' | 'max_completion_tokens' | 'max_output_tokens' | 'none' | null
  usage: 'asked' | 'always' | 'never'
  reasoning: Reasoning
}

/** Whether an upstream has thoughts within its figure of the output, beside it, or the sum tells. */
export type Reasoning = 'inside' | 'beside' | 'sum'

/** The upstream's own figures, or why they cannot be taken. */
export type Reported =
  | {
      usage: Usage
      /** Where each choice has figures of its own: those that have come. */
      byChoice?: ReadonlyMap<unknown, Usage>
      /** They stand at the beginning of an answer, and are no report of what it used in the end. */
      isFirst?: boolean
    }
  | { absurd: true; byChoice?: ReadonlyMap<unknown, Usage> }

/** What an answer, or one event of it, delivers to one of its choices. */
export type Delivery = {
  /** Which choice. */
  index: number
  /** All of it that is text, in the order in which it stands. */
  text: string
  /** What pictures and sound count for, whose bytes are not tokens. */
  mediaTokens: number
  /** Something was said, in whatever form: that is a token at least. */
  isSomething: boolean
  /** The choice says that it has come to its end. */
  isLast: boolean
  /** Searches that the upstream has made for it; none where that is absent. */
  searches?: number
}

/** What a plain answer says of what it cost, and what it delivers in case it says nothing. */
export type Said = {
  /** Undefined where the upstream gave no figures. */
  reported: Reported | undefined
  serviceTier: string | null
  /** The model that says it has answered; null where it does not say. */
  model: string | null
  /** What it is called at its upstream, which may keep it; absent where it has no name. */
  id?: string
  /** All of the input has been read for it, though it delivers nothing that is output. */
  isInputDue?: true
  /** Everything that providers charge as output; asked for where there are no figures. */
  delivered(): Delivery[]
}

/** What one event of a stream is to the pipeline. */
export type Found = {
  /**
   * `pass`: goes to the client now. `figures`: goes to the client, and is no answer. `withhold`: was
   * asked for by us and is not the client's. `end`: the upstream's own good end, which waits for the
   * settlement. `error`: its own bad one, in place of which the client reads ours. `failed`: a bad one
   * that is part of the answer, and is the client's as it came, unless nothing came before it; it
   * waits for the settlement too.
   */
  kind: 'pass' | 'figures' | 'withhold' | 'end' | 'error' | 'failed'
  /** The figures so far, where this event has any. */
  reported?: Reported
  serviceTier?: string
  model?: string
  /** What the answer is called at its upstream. */
  id?: string
  /** What figures of later events are to be read with. */
  kept?: unknown
  /** All of the answer once more, where its last event repeats it: for one without figures. */
  whole?(): Delivery[]
}

/** What one event of a stream delivers, and what it says of the answer that it is part of. */
export type HeardEvent = {
  delivered: Delivery[]
  model?: string
  serviceTier?: string
  /** What the answer is called at its upstream. */
  id?: string
  /** The event's own number, where events are numbered. */
  number?: number
}

/** What a stream had said when it was ended. */
export type SaidBefore = { id: string | null; number: number | null; model: string | null }

/** How an endpoint streams. */
export type StreamForm<C extends Call = Call> = {
  /**
   * Bytes of which one stands in every event that may say something; all others pass unread. Their
   * first byte should be rare in a stream, because the search looks for that one.
   */
  marks: readonly Buffer[]
  /** Reads one event that has a mark; `before` is what earlier ones reported. */
  look(
    event: Buffer,
    call: C,
    before: Reported | undefined,
    reasoning: Reasoning,
    kept?: unknown,
  ): Found
  /**
   * Whether one of these events is more than a sign of life; where it is absent, all are that have
   * data. What is none begins no answer, and ends no silence.
   */
  says?(events: Buffer): boolean
  /** Stands in every event of which something is heard: all others are passed over. */
  heardMark: Buffer
  /** What an event delivers, and which model it says has answered, at which tier. */
  heard(event: Buffer): HeardEvent
  /** How many choices a whole answer has. */
  choicesOf(call: C): number
}

/** What an upstream's error says, in whatever shape it says it. */
export type FoundError = {
  message: string | undefined
  type: string | undefined
  param: string | undefined
  code: string | undefined
  /** The status that it names itself, where it does. */
  status: number | undefined
  /** Every name that it goes by: codes, types, reasons. */
  kinds: string[]
}

/** What an error is the answer to. */
export type ErrorPlace = { status: number; requestId: string }

/** How a client of this endpoint is told of errors, and how its upstreams tell of theirs. */
export type Dialect = {
  errorBody(error: ErrorWords, at: ErrorPlace): unknown
  /** The same as the last event of a stream; the status is what it would have been at its beginning. */
  errorEvent(error: ErrorWords, at: ErrorPlace, before: SaidBefore): Buffer
  /** The error in an upstream's body, or undefined where there is none. */
  errorIn(body: unknown): FoundError | undefined
  /** What stands behind the host in the base URL of its SDKs; what is missing of `/v1` they add. */
  basePath: '/v1' | ''
  /** How it says what is left of the limits on calls, as names and values in turn. */
  limitHeaders(figures: LimitFigures, nowMs: number): string[]
  /** Where its SDKs look for the request's id, if not in `x-request-id`. */
  idHeader?: string
  /**
   * Where its protocol wants what is beside the body passed on as it came: these headers, the
   * query, and what an upstream says of a bad request. Absent where each is known by name.
   */
  passing?: Passing
}

/** Headers that pass without being known, by their names in lower case (docs/decisions/0036). */
export type Passing = {
  /** From a client to its upstream. */
  isSent(name: string): boolean
  /** From the upstream to its client. */
  isReturned(name: string): boolean
}

/** An upstream with one of its keys, by their names. */
export type Place = { upstream: string; key: string }

/** What upstreams keep of the answers of an endpoint, under ids that later calls may name. */
export type KeptForm<C extends Call = Call> = {
  /**
   * Where a call must go because it goes on from what is kept there; undefined where it may go
   * anywhere. Throws `Refused` for what is not the account's.
   */
  placeOf(call: C, accountId: number, services: Services): Promise<Place | undefined>
  /** What is said where nobody has that place any more, or it does not serve this call. */
  goneFor(call: C): Refused
  /** Writes whose an answer is, before its last bytes go out; absent where nobody asks. */
  note?(
    id: string,
    call: C,
    of: { accountId: number; place: Place },
    services: Services,
  ): Promise<void>
}

/** What the client has said beside the body. */
export type ClientHeaders = { header(name: string): string | null }

type EndpointLimits = {
  bodyBytesMax: number
  /** A plain answer of the upstream. */
  answerBytesMax: number
  /** One event of a stream. */
  eventBytesMax: number
}

/**
 * All that the pipeline must know of an endpoint. To add one, write this for it, and name it in
 * endpoints.ts: it is then authenticated, held for, forwarded, metered and settled like every
 * other.
 */
export type Endpoint<C extends Call = Call> = {
  /** Where clients call it. */
  path: string
  /** Its name with upstreams, whose definitions say where they have it: the same, below /v1. */
  upstreamPath: string
  /** Whether its bodies have a member of this name. */
  hasMember(name: string): boolean
  /** The kind of models that it serves. */
  kind: PricedModel['kind']
  /** Its calls cost nothing, whatever its models cost elsewhere. */
  isFree?: true
  /** Of use beside another endpoint alone: nobody is sent here for a model. */
  isHelper?: true
  dialect: Dialect
  limits: EndpointLimits
  /**
   * Reads and checks a body, in steps; the price of `at` is fixed for the call, and members beyond those whose
   * cost is known pass where they are `allowed`. Throws `Refused`.
   */
  read(body: Buffer, catalog: Catalog, at: Date, allowed: Allowed, client?: ClientHeaders): Steps<C>
  /** The most the call can cost: at once, and as exactly as can be for one that does not fit. */
  bound(call: C): Ask
  boundExactly(call: C): Promise<Ask>
  /**
   * What was bounded last, were the call to say a limit that it does not say: what is told to fit
   * must fit when it is said. Absent where no limit can be said.
   */
  boundSayingLimit?(call: C): Ask
  /** Tokens of input for a bill, where the upstream has not said how many there were. */
  countInput(call: C): Promise<number>
  /** The limit on output that is put into the body; null where the client's own stands, or none is. */
  limitFor(call: C, outputTokensMax: number): number | null
  /** The body for an upstream, in pieces, with the limit that the hold covers. */
  bodyFor(call: C, outputTokensMax: number, way: Way): Buffer[]
  /**
   * Lets go of all that was read of a body but not of the body itself, from which others can still
   * be made; what a bill may need stays. Answers how many bytes that takes. Called when a long body
   * goes out, and may be called again.
   */
  letGo(call: C): number
  /** Lets go of the body too: no other will be made. */
  dropBody(call: C): void
  /** Reads a plain answer; undefined where it is no answer of this endpoint. */
  plain(bytes: Buffer, reasoning: Reasoning): Said | undefined
  /** Reads as much as can be of one that broke off, or cannot be read. */
  broken(bytes: Buffer, reasoning: Reasoning): Pick<Said, 'reported' | 'delivered'>
  /** Absent where the endpoint has no streams. */
  stream?: StreamForm<C>
  /** Absent where upstreams keep nothing. */
  kept?: KeptForm<C>
}
