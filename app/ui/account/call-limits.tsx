import type { Fact } from '../facts.tsx'

/** Null where nothing is limited. */
export type CallLimits = { requests: number | null; tokens: number | null; calls: number | null }

const count = new Intl.NumberFormat('en-US')

/** What limits calls, in words: only what is limited; empty where nothing is. */
function limitWords({ requests, tokens, calls }: CallLimits): string[] {
  return [
    ...(requests ? [`${count.format(requests)} requests a minute`] : []),
    ...(tokens ? [`${count.format(tokens)} tokens a minute`] : []),
    ...(calls ? [`${count.format(calls)} calls at once`] : []),
  ]
}

/** A line of facts about what limits calls; none where nothing does. */
export function limitFacts(name: string, figures: CallLimits): Fact[] {
  const words = limitWords(figures)
  return words.length > 0 ? [{ name, value: words.join(', ') }] : []
}
