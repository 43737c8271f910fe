import { numberOf, type Script } from '../script.ts'
import { textOf, tokensOf } from '../text/speech.ts'
import { named, type Send } from '../steps.ts'
import { earlyUsage, ended, inProgress } from './object.ts'
import type { Item, Output } from './output.ts'
import type { ResponseRequest } from './request.ts'

type Members = Record<string, unknown>

/** An event before it has its number. */
type Event = { data: { type: string } & Members; part?: Partial<Send> }

/** The events of a streamed response, one token each, up to the last, which has the whole of it. */
export function eventsOf(request: ResponseRequest, script: Script, output: Output): Send[] {
  const usage = earlyUsage(output.counts, script)
  const opening: Event[] = [
    { data: { type: 'response.created', response: inProgress(request) } },
    {
      data: { type: 'response.in_progress', response: inProgress(request, usage) },
      part: { usage },
    },
  ]
  const all = [...opening, ...output.items.flatMap(itemEvents)]
  return numbered([...upTo(all, script), ...end(request, script, output, all)])
}

const numbered = (events: readonly Event[]): Send[] =>
  events.map(({ data: { type, ...rest }, part }, at) =>
    named({ type, sequence_number: at, ...rest } as { type: string }, part),
  )

/** Where it fails, the events before that. */
const upTo = (events: readonly Event[], script: Script) =>
  script.has('failed') ? events.slice(0, numberOf(script, 'failed', events.length)) : events

function end(
  request: ResponseRequest,
  script: Script,
  output: Output,
  all: readonly Event[],
): Event[] {
  if (script.has('no-done')) return []
  const said = upTo(all, script).reduce((sum, { part }) => sum + (part?.tokens ?? 0), 0)
  const { counts, isWhole } = output
  const status = statusOf(script, isWhole)
  const soFar = { ...counts, completion: counts.reasoning + said }
  const used = status === 'failed' ? (said > 0 ? soFar : null) : counts
  const { response, usage } = ended(request, { script, output }, { status, counts: used })
  return [{ data: { type: `response.${status}`, response }, part: { usage } }]
}

/** How a response ends. */
export function statusOf(script: Script, isWhole: boolean) {
  if (script.has('failed')) return 'failed'
  return script.has('incomplete') || !isWhole ? 'incomplete' : 'completed'
}

function itemEvents(item: Item, index: number): Event[] {
  const at = { output_index: index, item_id: item.whole.id }
  const { status, begun, parts } = shapes[item.kind](item, at)
  const started = { ...item.whole, ...(status && { status: 'in_progress' }), ...begun }
  return [
    {
      data: { type: 'response.output_item.added', output_index: index, item: started },
      part: { tokens: item.headTokens },
    },
    ...parts,
    { data: { type: 'response.output_item.done', output_index: index, item: item.whole } },
  ]
}

type At = { output_index: number; item_id: unknown }
type ItemShape = {
  /** It has a status. */
  status: boolean
  /** What it has not yet when it begins. */
  begun: Members
  parts: Event[]
}

const shapes: Record<Item['kind'], (item: Item, at: At) => ItemShape> = {
  reasoning(item, at) {
    const where = { ...at, summary_index: 0 }
    const part = { type: 'summary_text', text: textOf(item.pieces) }
    const of = 'response.reasoning_summary'
    const parts = [
      { data: { type: `${of}_part.added`, ...where, part: { ...part, text: '' } } },
      ...deltas(item, `${of}_text.delta`, where),
      { data: { type: `${of}_text.done`, ...where, text: part.text } },
      { data: { type: `${of}_part.done`, ...where, part } },
    ]
    return { status: false, begun: { summary: [] }, parts }
  },
  search(_, at) {
    const parts = ['in_progress', 'searching', 'completed'].map((state) => ({
      data: { type: `response.web_search_call.${state}`, ...at },
    }))
    return { status: true, begun: {}, parts }
  },
  message(item, at) {
    const where = { ...at, content_index: 0 }
    const text = textOf(item.pieces)
    const part = { type: 'output_text', text, annotations: [], logprobs: [] }
    const parts = [
      { data: { type: 'response.content_part.added', ...where, part: { ...part, text: '' } } },
      ...deltas(item, 'response.output_text.delta', where, { logprobs: [] }),
      { data: { type: 'response.output_text.done', ...where, text, logprobs: [] } },
      { data: { type: 'response.content_part.done', ...where, part } },
    ]
    return { status: true, begun: { content: [] }, parts }
  },
  function_call(item, at) {
    const { arguments: all, name } = item.whole
    const parts = [
      ...deltas(item, 'response.function_call_arguments.delta', at),
      { data: { type: 'response.function_call_arguments.done', ...at, name, arguments: all } },
    ]
    return { status: true, begun: { arguments: '' }, parts }
  },
  custom_tool_call(item, at) {
    const { input } = item.whole
    const parts = [
      ...deltas(item, 'response.custom_tool_call_input.delta', at),
      { data: { type: 'response.custom_tool_call_input.done', ...at, input } },
    ]
    return { status: true, begun: { input: '' }, parts }
  },
}

const deltas = ({ pieces }: Item, type: string, at: Members, more: Members = {}): Event[] =>
  pieces.map(({ text, tokens }) => ({
    data: { type, ...at, delta: text, ...more },
    part: { tokens },
  }))

/** The tokens of an output that a client receives. */
export const shownTokens = ({ items }: Output) =>
  items.reduce((sum, { headTokens, pieces }) => sum + headTokens + tokensOf(pieces), 0)
