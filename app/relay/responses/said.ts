import type { Found, HeardEvent, Reasoning, Reported, StreamForm } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { dataOf, nameOf, objectIn } from '../text/events.ts'
import { deliveredBy, deliveredIn } from './delivered.ts'
import { readResponsesUsage } from './reported-usage.ts'
import type { ResponsesCall } from './request.ts'

type Event = Record<string, unknown>

// Ends of words without letters that stand in every event: `completed`, `incomplete`, `failed`, `error`.
const marks = ['mplete', 'failed', 'rror'].map((mark) => Buffer.from(mark))
/** No object says anything without a name in it. */
const nameMark = Buffer.from('"')

const ends: Record<string, 'end' | 'failed'> = {
  'response.completed': 'end',
  'response.incomplete': 'end',
  'response.failed': 'failed',
}

/** What an event calls itself: in its data, else by the field of its own. */
const typeOf = (event: Buffer, said: Event | undefined) =>
  typeof said?.type === 'string' ? said.type : nameOf(event)

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** What the response says of itself, wherever it stands in an event. */
function toldBy({ model, service_tier: tier, id }: Event) {
  const told: Pick<HeardEvent, 'model' | 'serviceTier' | 'id'> = {}
  if (text(model) !== undefined) told.model = model as string
  if (text(tier) !== undefined) told.serviceTier = tier as string
  if (text(id) !== undefined) told.id = id as string
  return told
}

function look(
  event: Buffer,
  _: ResponsesCall,
  before: Reported | undefined,
  reasoning: Reasoning,
): Found {
  // Most that talk of it do so in the words of a model.
  const said = objectIn(dataOf(event))
  const type = typeOf(event, said)
  if (type === 'error' || (type === undefined && said?.error)) return { kind: 'error' }
  const kind = type === undefined ? undefined : ends[type]
  if (kind === undefined || !said) return { kind: 'pass' }
  const response = isObject(said.response) ? said.response : {}
  const reported = readResponsesUsage(response, reasoning) ?? before
  return {
    kind,
    ...(reported && { reported }),
    ...toldBy(response),
    whole: () => deliveredBy(response.output),
  }
}

/** Events of responses: usage stands in the last one, whether that is a good end or a bad one. */
export const events: StreamForm<ResponsesCall> = {
  marks,
  look,
  heardMark: nameMark,
  heard(event) {
    const said = objectIn(dataOf(event))
    if (!said) return { delivered: [] }
    const { sequence_number: number, response } = said
    return {
      delivered: deliveredIn(said),
      ...(isObject(response) && toldBy(response)),
      ...(typeof number === 'number' && { number }),
    }
  },
  // Only a last event ends an answer.
  choicesOf: () => 1,
}
