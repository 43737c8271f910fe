import { limits } from '../config/limits.ts'
import { Uncounted } from './uncounted.ts'
import { dataOf, firstEventEnd, lastEventEnd } from './text/events.ts'
import { readUsage, type Reported } from './reported-usage.ts'

// Only events that hold one of these are looked into. In JSON text a quote is escaped, so content
// that merely talks about tokens does not match.
const usageMark = Buffer.from('_tokens"')
const errorMark = Buffer.from('"error"')
const doneMark = Buffer.from('[DONE]')
/** To find them by: the search looks for a first byte, and a quote is everywhere in JSON. */
const searched = [usageMark, errorMark.subarray(2), doneMark]

/** Where marks stand in a block, in order: each is searched for once, from where it was found last. */
class Marks {
  private readonly at = [-1, -1, -1]
  constructor(private readonly bytes: Buffer) {}

  /** The first mark at or after `from`; Infinity when there is none. */
  next(from: number): number {
    let nearest = Infinity
    for (let i = 0; i < searched.length; i++) {
      if (this.at[i]! < from) {
        const found = this.bytes.indexOf(searched[i]!, from)
        this.at[i] = found < 0 ? Infinity : found
      }
      if (this.at[i]! < nearest) nearest = this.at[i]!
    }
    return nearest
  }
}

export type Metered =
  /** Goes to the client now. */
  | { kind: 'pass'; bytes: Buffer }
  /** The upstream says that it is done; waits for the settlement. */
  | { kind: 'done'; bytes: Buffer }
  /** The upstream says that it has failed. */
  | { kind: 'error' }

/**
 * Reads along with a stream: finds usage and its end, and keeps what was delivered in case no usage
 * comes. Looks at the bytes once, and cuts out and parses an event only where it may say something.
 */
export class Meter {
  readonly uncounted = new Uncounted(limits.stream.uncountedBytesMax)
  /** The last usage object wins. */
  reported: Reported | undefined
  serviceTier: string | null = null

  constructor(private readonly usageWanted: boolean) {}

  /** Takes whole events; answers what to do with them, in order. */
  read(events: Buffer): Metered[] {
    const marks = new Marks(events)
    let mark = marks.next(0)
    if (mark === Infinity) {
      this.uncounted.add(events)
      return [{ kind: 'pass', bytes: events }]
    }
    const results: Metered[] = []
    let passFrom = 0
    let lookedTo = 0
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
      if (found === 'pass') {
        this.uncounted.add(event)
        continue
      }
      pass(from)
      passFrom = end
      if (found === 'error') results.push({ kind: 'error' })
      if (found === 'done') results.push({ kind: 'done', bytes: event })
      if (found !== 'withhold') return results
    }
    if (events.length > lookedTo) this.uncounted.add(events.subarray(lookedTo))
    pass(events.length)
    return results
  }

  private look(event: Buffer): 'pass' | 'withhold' | 'done' | 'error' {
    const hasUsage = event.includes(usageMark)
    if (!hasUsage && !event.includes(doneMark) && !event.includes(errorMark)) return 'pass'
    const data = dataOf(event)
    if (data === undefined) return 'pass'
    if (data.trim() === '[DONE]') return 'done'
    let chunk: Record<string, unknown> | null
    try {
      chunk = JSON.parse(data) as Record<string, unknown> | null
    } catch {
      return 'pass'
    }
    if (typeof chunk !== 'object' || chunk === null) return 'pass'
    if (chunk.error) return 'error'
    if (!hasUsage) return 'pass'
    const reported = readUsage(chunk.usage)
    if (!reported) return 'pass'
    this.reported = reported
    if (typeof chunk.service_tier === 'string') this.serviceTier = chunk.service_tier
    const usageOnly = !Array.isArray(chunk.choices) || chunk.choices.length === 0
    return usageOnly && !this.usageWanted ? 'withhold' : 'pass'
  }
}
