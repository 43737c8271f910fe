import { limits } from '../config/limits.ts'
import type { Delivery, StreamForm } from './endpoint.ts'
import { firstEventEnd, lastEventEnd } from './text/events.ts'
import { countTokensOf } from './text/count-tokens.ts'
import { countTokensNow, encodingOf, usualEncoding } from './text/tokens.ts'

/**
 * What has been delivered of a stream, for the case that the upstream never says how much it was,
 * or that it has ended. The events are kept as they came and only looked into when they grow too
 * many, or when somebody asks.
 */
export class Uncounted {
  private kept: Buffer[] = []
  private keptBytes = 0
  /** How many of the kept pieces the upstream's last figures cover. */
  private reported = 0
  private readonly texts = new Map<number, string>()
  private counted = 0
  /** What came in such large pieces, or of such a model, that counting would hold everybody up. */
  private readonly large: string[] = []
  private largeChars = 0
  private isSomething = false
  private hasMore = false
  /** Whether each choice that was spoken of has come to its end. */
  private readonly isLast = new Map<number, boolean>()
  private named: string | null = null
  private called: string | null = null
  private lastNumber: number | null = null
  private searched = 0
  private tier: string | null = null

  constructor(
    private readonly uncountedBytesMax: number,
    private readonly form: Pick<StreamForm, 'heard' | 'heardMark'>,
    /** What has said it. */
    private readonly modelName = '',
  ) {}

  add(events: Buffer) {
    this.kept.push(events)
    this.keptBytes += events.length
    if (this.keptBytes > this.uncountedBytesMax) this.fold()
  }

  /** The upstream has given figures for all that has come so far. */
  noteReport() {
    this.reported = this.kept.length
    this.hasMore = false
  }

  /** Whether something was said since the upstream's last figures. */
  get isAhead(): boolean {
    // Almost always the figures come last, and nothing has to be looked into.
    if (this.kept.length > this.reported) this.fold()
    return this.hasMore
  }

  /** Whether the upstream has begun to answer. */
  get hasBegun(): boolean {
    this.fold()
    return this.isLast.size > 0
  }

  /** Whether anything of an answer has come: a word, or a choice that ends without one. */
  get hasSaid(): boolean {
    this.fold()
    return this.isSomething || [...this.isLast.values()].some(Boolean)
  }

  /** Whether so many choices have come, each to its end. */
  isWhole(choices: number): boolean {
    this.fold()
    return this.isLast.size >= choices && [...this.isLast.values()].every(Boolean)
  }

  /** The model that says it has answered; null where none does. */
  get model(): string | null {
    this.fold()
    return this.named
  }

  /** What the answer is called at its upstream; null where it has no name. */
  get id(): string | null {
    this.fold()
    return this.called
  }

  /** The last event's own number, where they are numbered. */
  get number(): number | null {
    this.fold()
    return this.lastNumber
  }

  /** Searches that the upstream has made. */
  get searches(): number {
    this.fold()
    return this.searched
  }

  /** The tier that the upstream says it serves at; null where it does not say. */
  get serviceTier(): string | null {
    this.fold()
    return this.tier
  }

  /** Tokens of all that was delivered. */
  async tokens(): Promise<number> {
    this.fold()
    const texts = [...this.large, ...this.texts.values()]
    const tokens = this.counted + (await countTokensOf(texts, 'bill', encodingOf(this.modelName)))
    return tokens || Number(this.isSomething)
  }

  private fold() {
    for (const [piece, events] of this.kept.entries()) this.hearAll(events, piece >= this.reported)
    this.kept = []
    this.keptBytes = 0
    this.reported = 0
    for (const [index, said] of this.texts) {
      if (said.length < limits.tokens.uncountedCharsMax) continue
      const cut = said.lastIndexOf(' ')
      const whole = cut > 0 ? said.slice(0, cut) : said
      const isNow = (encodingOf(this.modelName) ?? usualEncoding) === usualEncoding
      if (!isNow || whole.length > limits.tokens.countedAtOnceCharsMax) this.putOff(whole)
      else this.counted += countTokensNow(whole)
      this.texts.set(index, said.slice(whole.length))
    }
  }

  /** Line ends, comments and empty events cost no more than their bytes, however many they are. */
  private hearAll(events: Buffer, isNew: boolean) {
    const { heardMark } = this.form
    let from = 0
    let mark = events.indexOf(heardMark)
    while (mark >= 0) {
      from += lastEventEnd(events.subarray(from, mark))
      const end = firstEventEnd(events, mark) || events.length
      this.hear(events.subarray(from, end), isNew)
      from = end
      mark = events.indexOf(heardMark, from)
    }
  }

  private putOff(text: string) {
    const { exactBytesMax, charsPerTokenMost } = limits.tokens
    const kept = text.slice(0, exactBytesMax - this.largeChars)
    this.largeChars += kept.length
    this.large.push(kept)
    this.counted += Math.floor((text.length - kept.length) / charsPerTokenMost)
  }

  private hear(event: Buffer, isNew: boolean) {
    const { delivered, model, serviceTier, id, number } = this.form.heard(event)
    if (model !== undefined) this.named = model
    if (id !== undefined) this.called = id
    if (number !== undefined) this.lastNumber = number
    if (serviceTier !== undefined) this.tier = serviceTier
    for (const delivery of delivered) this.take(delivery, isNew)
  }

  private take(delivery: Delivery, isNew: boolean) {
    const { index, text, mediaTokens, isSomething, isLast, searches = 0 } = delivery
    this.searched += searches
    this.isLast.set(index, isLast || this.isLast.get(index) === true)
    this.counted += mediaTokens
    if (isSomething) {
      this.isSomething = true
      this.hasMore ||= isNew
    }
    if (text) this.texts.set(index, (this.texts.get(index) ?? '') + text)
  }
}
