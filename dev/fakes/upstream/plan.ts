import type { Endpoint } from './endpoint.ts'
import { ErrorAnswer } from './errors.ts'
import { cutIn, endlessly, flooded, halfway } from './faults.ts'
import { refusalIn, refuse } from './refusals.ts'
import { numberOf, parseScript, type Script } from './script.ts'
import { completed, raw, type Send, type Step } from './steps.ts'
import { noCounts, type Counts } from './usage.ts'

export type Pace = { firstByteMs: number; eventMs: number }

/** How a request is met: how fast, and in what mood, which is behaviours as a message asks for them. */
type Manner = { pace: Pace; mood: string }

/** All that will happen for a request, worked out before the first byte. */
export type Plan = {
  model: string
  stream: boolean
  script: Script
  counts: Counts
  /** Of the counts' output, what no client sees. */
  unseen: number
  steps: Step[]
  /** Another time the same request may be met in another way. */
  isOfState: boolean
  keep?(tag: string): void
}

type Request = { text: string; headers: Record<string, unknown> }

const plainMsMax = 1000
const pingsUsual = 1000

/** Works out what to do for a request body; what is wrong with it becomes an answer too. */
export function sceneOf(
  endpoint: Endpoint,
  { text, headers }: Request,
  { pace, mood }: Manner,
): Plan {
  const reading = endpoint.read(text, headers)
  if (reading instanceof ErrorAnswer) return refusalScene(reading, endpoint)
  const { model, stream, isOfState = false } = reading
  // What a message itself asks for goes before any mood.
  const script = parseScript(model, mood + reading.say)
  const plan = { model, stream, script, isOfState: isOfState || script.has('echo-headers') }
  const refusal = refusalIn(script, endpoint.dialect)
  if (refusal) {
    const steps = [...waitFor(script.has('slow') ? numberOf(script, 'slow', 2000) : 0), ...refusal]
    return { ...plan, counts: noCounts, unseen: 0, steps }
  }
  const { counts, unseen, events, body, keep } = reading.answer(script, headers)
  const streamed = stream && events !== undefined && !script.has('wrong-type')
  const sends = streamed ? events() : [body()]
  const type = contentType(script, streamed, stream)
  const acted = acts(endpoint, { script, sends, streamed })
  const steps = [...opening(script, pace, sends, type), ...acted]
  return { ...plan, counts, unseen, steps, ...(keep && { keep }) }
}

/** The plan of a request that is refused before anything in it counts. */
export function refusalScene(refusal: ErrorAnswer, { dialect }: Endpoint): Plan {
  const nothing = { model: '', stream: false, script: new Map(), counts: noCounts, unseen: 0 }
  return { ...nothing, isOfState: true, steps: refuse(refusal, dialect) }
}

type Acting = { script: Script; sends: Send[]; streamed: boolean }

function acts(endpoint: Endpoint, { script, sends, streamed }: Acting): Step[] {
  if (script.has('endless') && streamed) return endlessly(sends)
  const pings =
    script.has('ping-flood') && streamed ? numberOf(script, 'ping-flood', pingsUsual) : 0
  const all = pings > 0 ? flooded(sends, endpoint.ping, pings) : sends
  const steps = script.has('pause') ? halfway(all, numberOf(script, 'pause', 1000)) : all
  return cutIn(steps, script, endpoint) ?? [...steps, completed]
}

function opening(script: Script, pace: Pace, sends: Send[], type: string): Step[] {
  if (script.has('reset') && numberOf(script, 'reset', 3) === 0) return []
  const after = script.has('slow-first') ? numberOf(script, 'slow-first', 2000) : 0
  const thinking = script.has('slow-first') ? 0 : thinkingMs(pace, sends)
  const before = script.has('slow') ? numberOf(script, 'slow', 2000) : thinking
  return [
    ...waitFor(before),
    { do: 'headers', status: 200, headers: { 'content-type': type } },
    ...waitFor(after),
    ...(script.has('bom') ? [raw('\uFEFF')] : []),
  ]
}

// A plain answer is written in one go when all of it is there, but nobody waits a minute in a demo.
function thinkingMs({ firstByteMs, eventMs }: Pace, [first]: Send[]): number {
  if (first?.as !== 'body') return firstByteMs
  return firstByteMs + Math.min(first.tokens * eventMs, plainMsMax)
}

function contentType(script: Script, streamed: boolean, asked: boolean): string {
  if (streamed) return 'text/event-stream; charset=utf-8'
  return script.has('wrong-type') && !asked ? 'text/plain' : 'application/json'
}

function waitFor(ms: number): Step[] {
  return ms > 0 ? [{ do: 'wait', ms }] : []
}
