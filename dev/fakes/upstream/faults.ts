import type { Endpoint } from './endpoint.ts'
import { numberOf, type Script } from './script.ts'
import { endedEarly, endedInError, firstSends, raw, type Send, type Step } from './steps.ts'

const eventsBeforeCut = 3

/** The steps cut short as the script says, or undefined when it asks for no cut. */
export function cutIn(
  steps: readonly Step[],
  script: Script,
  endpoint: Endpoint,
): Step[] | undefined {
  const cut = cuts.find(({ name }) => script.has(name))
  if (!cut) return undefined
  const count = numberOf(script, cut.name, eventsBeforeCut)
  const first = steps.find((step) => step.do === 'send')
  if (first?.as === 'body') {
    const before = cut.name === 'half-json' || count > 0 ? halves(first).slice(0, 1) : []
    return [...before, ...cut.ofBody]
  }
  return [...firstSends(steps, count), ...cut.ofStream({ script, endpoint, count })]
}

/** The steps with one wait in the middle. */
export function halfway(sends: readonly Send[], ms: number): Step[] {
  const [first] = sends
  const parts = first?.as === 'body' ? halves(first) : sends
  const middle = parts.length >> 1
  return [...parts.slice(0, middle), { do: 'wait', ms }, ...parts.slice(middle)]
}

/** The stream without an end: what comes before its content, and its content over and over. */
export function endlessly(sends: readonly Send[]): Step[] {
  const content = sends.filter((send) => send.tokens > 0)
  const opening = sends.findIndex((send) => send.tokens > 0)
  return [...sends.slice(0, Math.max(opening, 1)), { do: 'repeat-for-ever', sends: content }]
}

/** The stream with so many pings behind its first event. */
export function flooded(sends: readonly Send[], ping: Send, count: number): Send[] {
  const pings = Array.from({ length: count }, () => ping)
  return [...sends.slice(0, 1), ...pings, ...sends.slice(1)]
}

type Broken = { script: Script; endpoint: Endpoint; count: number }

function errorEvent({ script, endpoint, count }: Broken): Step {
  const status = script.has('blames-client') ? 400 : 500
  return endpoint.errorEvent(endpoint.dialect.refusalWith(status), count)
}

const cuts = [
  { name: 'stall', ofStream: () => [{ do: 'hang' }], ofBody: [{ do: 'hang' }] },
  { name: 'reset', ofStream: () => [{ do: 'reset' }], ofBody: [{ do: 'reset' }] },
  { name: 'end-early', ofStream: () => [endedEarly], ofBody: [endedEarly] },
  {
    name: 'half-json',
    ofStream: ({ endpoint }) => [raw(endpoint.half), endedEarly],
    ofBody: [endedEarly],
  },
  {
    name: 'error-event',
    ofStream: (broken) => [errorEvent(broken), endedInError],
    ofBody: [endedInError],
  },
] as const satisfies {
  name: string
  ofStream: (broken: Broken) => Step[]
  ofBody: Step[]
}[]

// The id in front is about a twentieth of a body; half of the rest is near enough to the middle.
function halves(body: Send): [Send, Send] {
  const half = body.text.length >> 1
  const middle = (body.text.codePointAt(half - 1) ?? 0) > 0xffff ? half + 1 : half
  return [
    { ...body, text: body.text.slice(0, middle), tokens: 0, usage: null },
    { ...body, text: body.text.slice(middle), headed: false },
  ]
}
