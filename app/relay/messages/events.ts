import { laterUsage, readMessagesUsage } from '../anthropic/reported-usage.ts'
import type { Found, HeardEvent, Reasoning, Reported, StreamForm } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { dataOf, nameOf, objectIn } from '../text/events.ts'
import { deliveryOf } from './delivered.ts'
import { tierIn } from './message.ts'
import type { MessagesCall } from './request.ts'

/** Of the names of all events that are about the whole message: rare in the others, and in text. */
const startStopMark = Buffer.from('ge_st')
const deltaMark = Buffer.from('ge_delta')
const errorMark = Buffer.from('error')
const blockMark = Buffer.from('content_block_')
/** No object says anything without a name in it. */
const nameMark = Buffer.from('"')

const modelIn = (message: unknown) => {
  const model = isObject(message) ? message.model : undefined
  return typeof model === 'string' ? { model } : undefined
}

/**
 * Figures so far: those of later events over those of earlier ones, member by member, and none is
 * added. Those of the first event are what the call begins with: no report of what it has used, and
 * they stay so until a later one says how much was said.
 */
function figuresOf(
  usage: unknown,
  kept: unknown,
  { isStart, before }: { isStart: boolean; before: Reported | undefined },
): Partial<Found> {
  if (!isObject(usage)) return {}
  const merged = laterUsage(isStart ? undefined : kept, usage)
  const wasFirst = before !== undefined && 'isFirst' in before && before.isFirst === true
  const isFirst = isStart || (wasFirst && (usage.output_tokens ?? null) === null)
  const reported = readMessagesUsage(merged)
  const tier = tierIn(usage)
  return {
    kept: merged,
    ...(reported && { reported: isFirst ? { ...reported, isFirst } : reported }),
    ...(tier !== null && { serviceTier: tier }),
  }
}

const hasMark = (event: Buffer) =>
  event.includes(startStopMark) || event.includes(deltaMark) || event.includes(errorMark)

function look(
  event: Buffer,
  _call: MessagesCall,
  before: Reported | undefined,
  _reasoning: Reasoning,
  kept: unknown,
): Found {
  if (!hasMark(event)) return { kind: 'pass' }
  const said = objectIn(dataOf(event))
  // Whoever calls itself one has its name: no other is looked at for that.
  const isNamed = event.includes(errorMark) && nameOf(event) === 'error'
  if (said?.type === 'error' || isNamed) return { kind: 'error' }
  switch (said?.type) {
    case 'message_start': {
      const { message } = said
      const usage = isObject(message) ? message.usage : undefined
      return {
        kind: 'pass',
        ...figuresOf(usage, kept, { isStart: true, before }),
        ...modelIn(message),
      }
    }
    case 'message_delta':
      return { kind: 'pass', ...figuresOf(said.usage, kept, { isStart: false, before }) }
    case 'message_stop':
      return { kind: 'end', ...figuresOf(said.usage, kept, { isStart: false, before }) }
    default:
      // A server that says nothing of a type says at least that it is one.
      return { kind: said?.type === undefined && isObject(said?.error) ? 'error' : 'pass' }
  }
}

function heard(event: Buffer): HeardEvent {
  const isBlock = event.includes(blockMark)
  // Pings, and whatever else there will be, say nothing.
  if (!isBlock && !event.includes(startStopMark)) return { delivered: [] }
  const said = objectIn(dataOf(event))
  switch (said?.type) {
    case 'message_start':
      return { delivered: [deliveryOf(undefined)], ...modelIn(said.message) }
    case 'content_block_start':
      return { delivered: [deliveryOf(said.content_block)] }
    case 'content_block_delta':
      return { delivered: [deliveryOf(said.delta)] }
    default:
      return { delivered: [] }
  }
}

/** Events of a message: figures are cumulative, and `message_stop` is the good end, and no other. */
export const events: StreamForm<MessagesCall> = {
  // The last without its first letter, which is everywhere in text.
  marks: [startStopMark, deltaMark, errorMark.subarray(1)],
  look,
  heardMark: nameMark,
  heard,
  says: (bytes) => bytes.includes(blockMark) || hasMark(bytes),
  choicesOf: () => 1,
}
