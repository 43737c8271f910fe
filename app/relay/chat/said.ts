import type { Call, Found, Reasoning, Reported, StreamForm } from '../endpoint.ts'
import { reportedIn } from '../openai/reported-usage.ts'
import { dataOf, nameOf, objectIn } from '../text/events.ts'
import { deliveredBy } from './delivered.ts'

// In JSON text a quote is escaped, so content that merely talks about tokens does not match.
const usageMark = Buffer.from('_tokens"')
const errorMark = Buffer.from('error')
const doneMark = Buffer.from('[DONE]')
/** No object says anything without a name in it. */
const nameMark = Buffer.from('"')

/** An event that calls itself one, or an object that has one or is one: servers do all three. */
const isError = (event: Buffer, chunk: Record<string, unknown> | undefined) =>
  Boolean(chunk?.error) ||
  chunk?.object === 'error' ||
  (event.includes(errorMark) && nameOf(event) === 'error')

/** An empty word says nothing: what the client asked for stands. */
const tierIn = ({ service_tier: tier }: Record<string, unknown>) =>
  typeof tier === 'string' && tier !== '' ? { serviceTier: tier } : undefined

/** A call that is answered in chunks: all that must be known of it to read them. */
type ChunkedCall = Call & { usageWanted: boolean; choices: number }

function look(
  event: Buffer,
  { usageWanted }: ChunkedCall,
  before: Reported | undefined,
  reasoning: Reasoning,
): Found {
  const hasUsage = event.includes(usageMark)
  if (!hasUsage && !event.includes(doneMark) && !event.includes(errorMark)) return { kind: 'pass' }
  const data = dataOf(event)?.trim()
  if (data === '[DONE]') return { kind: 'end' }
  const chunk = objectIn(data)
  if (isError(event, chunk)) return { kind: 'error' }
  if (!chunk) return { kind: 'pass' }
  const reported = hasUsage ? reportedIn(chunk, before, reasoning) : undefined
  if (!reported) return { kind: 'pass' }
  const { model } = chunk
  const usageOnly = !Array.isArray(chunk.choices) || chunk.choices.length === 0
  return {
    kind: !usageOnly ? 'pass' : usageWanted ? 'figures' : 'withhold',
    reported,
    ...tierIn(chunk),
    ...(typeof model === 'string' && { model }),
  }
}

/** Chunks of completions; the last usage object wins, and `[DONE]` is the good end. */
export const chunks: StreamForm<ChunkedCall> = {
  // The second without its first letter, which is everywhere in text.
  marks: [usageMark, errorMark.subarray(1), doneMark],
  look,
  heardMark: nameMark,
  heard(event) {
    const chunk = objectIn(dataOf(event))
    const model = chunk?.model
    const named = typeof model === 'string' && { model }
    return { delivered: deliveredBy(chunk), ...named, ...(chunk && tierIn(chunk)) }
  },
  choicesOf: ({ choices }) => choices,
}
