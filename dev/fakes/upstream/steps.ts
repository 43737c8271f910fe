import type { UsageObject } from './usage.ts'

export type Outcome = 'completed' | 'aborted-by-client' | 'reset' | 'ended-early' | 'error'

/** Something to write. A headed text is the rest of a JSON object that starts with its id. */
export type Send = {
  do: 'send'
  as: 'event' | 'body' | 'raw'
  headed: boolean
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
  return { do: 'send', as: 'event', headed: true, text, tokens: 0, usage: null, ...part }
}

/** Bytes to be written as they are. */
export function raw(text: string): Send {
  return { do: 'send', as: 'raw', headed: false, text, tokens: 0, usage: null }
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
