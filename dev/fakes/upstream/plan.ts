import { answerTo } from './answer.ts'
import { lastUserText, parseChatRequest } from './chat-request.ts'
import { chunksOf } from './chunks.ts'
import { completionOf } from './completion.ts'
import { ErrorAnswer } from './errors.ts'
import { cutIn, endlessly, halfway } from './faults.ts'
import { refusalIn, refuse } from './refusals.ts'
import { numberOf, parseScript, type Script } from './script.ts'
import { completed, raw, type Send, type Step } from './steps.ts'
import type { Counts } from './usage.ts'

export type Pace = { firstByteMs: number; eventMs: number }

/** How a request is met: how fast, and in what mood, which is behaviours as a message asks for them. */
export type Manner = { pace: Pace; mood: string }

/** All that will happen for a request, worked out before the first byte. */
export type Plan = {
  model: string
  stream: boolean
  script: Script
  counts: Counts
  steps: Step[]
}

const nothing: Counts = { prompt: 0, completion: 0, cached: 0, cacheWrite: 0, reasoning: 0 }
const plainMsMax = 1000

/** Works out what to do for a request body; what is wrong with it becomes an answer too. */
export function sceneOf(
  text: string,
  headers: Record<string, unknown>,
  { pace, mood }: Manner,
): Plan {
  const request = parseChatRequest(text)
  if (request instanceof ErrorAnswer) return refusalScene(request)
  const { model, stream } = request
  // What a message itself asks for goes before any mood.
  const script = parseScript(model, mood + lastUserText(request.messages))
  const refusal = refusalIn(script)
  if (refusal) {
    const steps = [...waitFor(script.has('slow') ? numberOf(script, 'slow', 2000) : 0), ...refusal]
    return { model, stream, script, counts: nothing, steps }
  }
  const answer = answerTo(request, script, headers)
  const streamed = stream && !script.has('wrong-type')
  const sends = streamed
    ? chunksOf(request, script, answer)
    : [completionOf(request, script, answer)]
  const type = contentType(script, streamed, stream)
  const steps = [...opening(script, pace, sends, type), ...acts(script, sends, streamed)]
  return { model, stream, script, counts: answer.counts, steps }
}

/** The plan of a request that is refused before anything in it counts. */
export function refusalScene(refusal: ErrorAnswer): Plan {
  return { model: '', stream: false, script: new Map(), counts: nothing, steps: refuse(refusal) }
}

function acts(script: Script, sends: Send[], streamed: boolean): Step[] {
  if (script.has('endless') && streamed) return endlessly(sends)
  const steps = script.has('pause') ? halfway(sends, numberOf(script, 'pause', 1000)) : sends
  return cutIn(steps, script) ?? [...steps, completed]
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
