import type { UsageObject } from './usage.ts'

export type Outcome = 'completed' | 'aborted-by-client' | 'reset' | 'ended-early' | 'error'

/** Something to write. A headed text is the rest of a JSON object that starts with its id. */
export type Send = {
  do: 'send'
  as: 'event' | 'body' | 'raw'
  headed: boolean
  /** What an event is called on a line of its own, where the dialect does that. */
  name: string | null
  text: string
  tokens: number
  usage: UsageObject | null
}

/** What the demo upstream does for one request is a list of these, played in order. */
export type Step =
  | Send
  | { do: 'headers'; status: number; headers: Record<string, string> }
  | { do: 'wait'; ms: number }
  | { do: 'repeat-for-ever'; sends: Send[] }
  | { do: 'hang' }
  | { do: 'reset' }
  | { do: 'end'; outcome: Outcome }

/** An SSE event. Headed, its text goes on after id, object and created. */
export function event(text: string, part: Partial<Send> = {}): Send {
  const usual = { headed: true, name: null, tokens: 0, usage: null }
  return { do: 'send', as: 'event', text, ...usual, ...part }
}

/** An SSE event that has its type in its data and on a line of its own. */
export function named(data: { type: string }, part: Partial<Send> = {}): Send {
  return event(JSON.stringify(data), { headed: false, name: data.type, ...part })
}

/** A plain answer. */
export function body(text: string, part: Partial<Send> = {}): Send {
  return event(text, { as: 'body', headed: false, ...part })
}

/** Bytes to be written as they are. */
export function raw(text: string): Send {
  return event(text, { as: 'raw', headed: false })
}

/** The first `count` of some sends; waits among them come along and do not count. */
export function firstSends(steps: readonly Step[], count: number): Step[] {
  const first: Step[] = []
  let sends = 0
  for (const step of steps) {
    if (sends >= count) break
    if (step.do === 'send') sends += 1
    first.push(step)
  }
  return first
}

export const completed: Step = { do: 'end', outcome: 'completed' }
export const endedEarly: Step = { do: 'end', outcome: 'ended-early' }
export const endedInError: Step = { do: 'end', outcome: 'error' }
