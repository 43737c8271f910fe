import { limits } from '../config/limits.ts'
import type {
  Call,
  Delivery,
  Found,
  Reasoning,
  Reported,
  SaidBefore,
  StreamForm,
} from './endpoint.ts'
import { firstEventEnd, hasData, lastEventEnd } from './text/events.ts'
import { Uncounted } from './uncounted.ts'

/** Where marks stand in a block, in order: each is searched for once, from where it was found last. */
class Marks {
  /** Where each stands next; the end of the block for one that does not stand in it any more. */
  private readonly at: number[]
  constructor(
    private readonly bytes: Buffer,
    private readonly marks: readonly Buffer[],
  ) {
    this.at = marks.map(() => -1)
  }

  /** The first mark at or after `from`; Infinity when there is none. */
  next(from: number): number {
    const { bytes, marks, at } = this
    let nearest = bytes.length
    for (let i = 0; i < marks.length; i++) {
      // Each mark has its place in `at`.
      let place = at[i]!
      if (place < from) {
        const found = bytes.indexOf(marks[i]!, from) // There are as many marks.
        place = found < 0 ? bytes.length : found
        at[i] = place
      }
      if (place < nearest) nearest = place
    }
    return nearest < bytes.length ? nearest : Infinity
  }
}

const emptyLine = Buffer.from('\n\n')

/** Whether these bytes have a line that is more than a comment. */
const isFirst = (reported: Reported | undefined) =>
  reported !== undefined && 'isFirst' in reported && reported.isFirst === true
const hasLine = (bytes: Buffer) => /^[^:\s]/m.test(bytes.toString('latin1'))

export type Metered =
  /** Goes to the client now. */
  | { kind: 'pass'; bytes: Buffer }
  /** Goes to the client, and does not begin an answer. */
  | { kind: 'figures'; bytes: Buffer }
  /** The upstream says that it is done; waits for the settlement. */
  | { kind: 'end'; bytes: Buffer }
  /** The upstream says that it has failed. */
  | { kind: 'error'; bytes: Buffer }
  /** It says so in a last event that is the client's; waits for the settlement. */
  | { kind: 'failed'; bytes: Buffer }

/**
 * Reads along with a stream: finds usage and its end, and keeps what was delivered in case no usage
 * comes. Looks at the bytes once, and cuts out and parses an event only where it may say something.
 */
export class Meter {
  readonly uncounted: Uncounted
  private known: Reported | undefined
  private tier: string | null = null
  private named: string | null = null
  private called: string | null = null
  private kept: unknown
  private repeated: (() => Delivery[]) | undefined

  constructor(
    private readonly form: StreamForm,
    private readonly call: Call,
    private readonly reasoning: Reasoning = 'sum',
    private readonly endsWith: 'done' | 'finish' = 'done',
  ) {
    const { uncountedBytesMax } = limits.stream
    this.uncounted = new Uncounted(uncountedBytesMax, form, call.model.name)
  }

  /** What the upstream has reported so far. */
  get reported(): Reported | undefined {
    return this.known
  }

  get serviceTier(): string | null {
    // Who gives figures says the tier with them, if at all; then nothing else is looked into.
    return this.tier ?? (this.known ? null : this.uncounted.serviceTier)
  }

  /** The model that says it has answered; null where none does. */
  get model(): string | null {
    return this.named ?? this.uncounted.model
  }

  /** What the answer is called at its upstream; null where it has no name. */
  get id(): string | null {
    return this.called ?? this.uncounted.id
  }

  /** What its last event says was delivered, where that says it once more. */
  get whole(): Delivery[] {
    return this.repeated?.() ?? []
  }

  /** What whoever ends it may have to go on from. */
  get before(): SaidBefore {
    const { id, model, uncounted } = this
    return { id, model, number: uncounted.number }
  }

  /**
   * The upstream's body has ended well, without a word that it is done, and with these bytes of an
   * event that never ended. Whole is also what lacks no more than the last line end of that word;
   * or what has given each choice its end.
   */
  atEnd(rest: Buffer): { isWhole: boolean; last?: Buffer; failed?: Buffer } {
    const before = this.known
    const [item] = rest.length ? this.read(Buffer.concat([rest, emptyLine])) : []
    if (item?.kind === 'end') return { isWhole: true, last: item.bytes }
    if (item?.kind === 'failed') return { isWhole: false, failed: item.bytes }
    // Figures can only be read from an event that lacks nothing but its end.
    const isCut = hasLine(rest) && this.known === before
    return { isWhole: !isCut && this.isEachFinished }
  }

  /** Its upstream has no other word for its end than the finish reasons, and each has come. */
  get isFinished(): boolean {
    return this.endsWith === 'finish' && this.isEachFinished
  }

  /**
   * The same as `atEnd` where it is finished although its body has not ended; undefined where it is
   * not, or where an event is on its way.
   */
  atFinish(rest: Buffer): { isWhole: boolean; last?: Buffer } | undefined {
    if (!this.isFinished) return undefined
    if (hasLine(rest)) {
      const event = Buffer.concat([rest, emptyLine])
      const found = this.form.look(event, this.call, this.known, this.reasoning)
      if (found.kind !== 'end' && !found.reported) return undefined
    }
    return this.atEnd(rest)
  }

  private get isEachFinished(): boolean {
    return this.uncounted.isWhole(this.form.choicesOf(this.call))
  }

  /** Whether these events begin an answer, which comments and signs of life do not. */
  begins(events: Buffer): boolean {
    return this.form.says ? this.form.says(events) : hasData(events)
  }

  /** Whether silence ends with these events, as far as they are whole. */
  endsSilence(events: Buffer | undefined): boolean {
    return !this.form.says || (events !== undefined && this.form.says(events))
  }

  /** Takes whole events; answers what to do with them, in order. */
  read(events: Buffer): Metered[] {
    const marks = new Marks(events, this.form.marks)
    let mark = marks.next(0)
    if (mark === Infinity) {
      this.uncounted.add(events)
      return [{ kind: 'pass', bytes: events }]
    }
    const results: Metered[] = []
    let passFrom = 0
    let lookedTo = 0
    let reported = this.known
    const pass = (to: number) => {
      if (to > passFrom) results.push({ kind: 'pass', bytes: events.subarray(passFrom, to) })
    }
    for (; mark !== Infinity; mark = marks.next(lookedTo)) {
      const from = lookedTo + lastEventEnd(events.subarray(lookedTo, mark))
      const end = firstEventEnd(events, mark) || events.length
      if (from > lookedTo) this.uncounted.add(events.subarray(lookedTo, from))
      lookedTo = end
      const event = events.subarray(from, end)
      const found = this.look(event)
      if (found === 'pass') this.uncounted.add(event)
      // What an answer begins with covers nothing that was said.
      if (this.known !== reported && !isFirst(this.known)) this.uncounted.noteReport()
      reported = this.known
      if (found === 'pass') continue
      pass(from)
      passFrom = end
      if (found === 'withhold') continue
      results.push({ kind: found, bytes: event })
      if (found !== 'figures') return results
    }
    if (events.length > lookedTo) this.uncounted.add(events.subarray(lookedTo))
    pass(events.length)
    return results
  }

  private look(event: Buffer): Found['kind'] {
    const found = this.form.look(event, this.call, this.known, this.reasoning, this.kept)
    if (found.kept !== undefined) this.kept = found.kept
    if (found.reported) this.known = found.reported
    if (found.serviceTier !== undefined) this.tier = found.serviceTier
    if (found.model !== undefined) this.named = found.model
    if (found.id !== undefined) this.called = found.id
    if (found.whole) this.repeated = found.whole
    return found.kind
  }
}
