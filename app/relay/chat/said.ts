import type { Found, Said, StreamForm } from '../endpoint.ts'
import { readUsage } from '../openai/reported-usage.ts'
import { dataOf } from '../text/events.ts'
import type { ChatCall } from './request.ts'

type ToolCall = { function?: { name?: unknown; arguments?: unknown } }
type Delta = {
  content?: unknown
  refusal?: unknown
  reasoning_content?: unknown
  reasoning?: unknown
  tool_calls?: unknown
  function_call?: { name?: unknown; arguments?: unknown }
}
type Choice = { index?: unknown; delta?: Delta; message?: Delta }

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** What a choice says, in the forms that providers charge as output. */
function textOfChoice({ delta, message }: Choice): string {
  const said = delta ?? message
  if (typeof said !== 'object' || said === null) return ''
  const calls = Array.isArray(said.tool_calls) ? (said.tool_calls as ToolCall[]) : []
  const functions = [said.function_call, ...calls.map((call) => call?.function)]
  const called = functions.map((it) => text(it?.name) + text(it?.arguments)).join('')
  const reasoning = text(said.reasoning_content) || text(said.reasoning)
  return text(said.content) + text(said.refusal) + reasoning + called
}

/** All that the choices of a completion, or of one chunk of it, say. */
export function textsOf(completion: unknown): Map<number, string> {
  const texts = new Map<number, string>()
  const choices = (completion as { choices?: unknown } | null)?.choices
  if (!Array.isArray(choices)) return texts
  for (const choice of choices as Choice[]) {
    const said = typeof choice === 'object' && choice !== null ? textOfChoice(choice) : ''
    const index = typeof choice?.index === 'number' ? choice.index : 0
    if (said) texts.set(index, (texts.get(index) ?? '') + said)
  }
  return texts
}

type Completion = { usage?: unknown; service_tier?: unknown; choices: unknown[] }

// It passes over a byte order mark, as the clients' own readers do.
const utf8 = new TextDecoder()

/** A 200 that is no completion is the upstream's failure, whatever it says. */
export function readCompletion(bytes: Buffer): Said | undefined {
  let completion: (Partial<Completion> & { error?: unknown }) | null
  try {
    completion = JSON.parse(utf8.decode(bytes)) as typeof completion
  } catch {
    // Half an answer, or none.
    return undefined
  }
  if (!completion || completion.error || !Array.isArray(completion.choices)) return undefined
  const { usage, service_tier: tier } = completion
  return {
    reported: readUsage(usage),
    serviceTier: typeof tier === 'string' ? tier : null,
    texts: () => [...textsOf(completion).values()],
  }
}

// In JSON text a quote is escaped, so content that merely talks about tokens does not match.
const usageMark = Buffer.from('_tokens"')
const errorMark = Buffer.from('"error"')
const doneMark = Buffer.from('[DONE]')

/** The chunk in an event, or undefined where it holds none. */
function chunkIn(data: string | undefined): Record<string, unknown> | undefined {
  if (!data?.startsWith('{')) return undefined
  try {
    return JSON.parse(data) as Record<string, unknown>
  } catch {
    // Half an event is no text anybody could read.
    return undefined
  }
}

function look(event: Buffer, { usageWanted }: ChatCall): Found {
  const hasUsage = event.includes(usageMark)
  if (!hasUsage && !event.includes(doneMark) && !event.includes(errorMark)) return { kind: 'pass' }
  const data = dataOf(event)?.trim()
  if (data === '[DONE]') return { kind: 'end' }
  const chunk = chunkIn(data)
  if (!chunk) return { kind: 'pass' }
  if (chunk.error) return { kind: 'error' }
  const reported = hasUsage ? readUsage(chunk.usage) : undefined
  if (!reported) return { kind: 'pass' }
  const { service_tier: tier } = chunk
  const usageOnly = !Array.isArray(chunk.choices) || chunk.choices.length === 0
  return {
    kind: usageOnly && !usageWanted ? 'withhold' : 'pass',
    reported,
    // An empty word says nothing: what the client asked for stands.
    ...(typeof tier === 'string' && tier !== '' && { serviceTier: tier }),
  }
}

/** Chunks of completions; the last usage object wins, and `[DONE]` is the good end. */
export const chunks: StreamForm<ChatCall> = {
  // The second without its quote, because a quote is everywhere in JSON.
  marks: [usageMark, errorMark.subarray(2), doneMark],
  look,
  textsOf: (event) => textsOf(chunkIn(dataOf(event))),
}
