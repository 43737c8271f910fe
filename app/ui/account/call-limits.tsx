import { formatCount } from '../format/numbers.tsx'
import type { Fact } from '../facts.tsx'

/** Null where nothing is limited. */
export type CallLimits = { requests: number | null; tokens: number | null; calls: number | null }

/** What limits calls, in words: only what is limited; empty where nothing is. */
function limitWords({ requests, tokens, calls }: CallLimits): string[] {
  return [
    ...(requests ? [`${formatCount(requests)} requests a minute`] : []),
    ...(tokens ? [`${formatCount(tokens)} tokens a minute`] : []),
    ...(calls ? [`${formatCount(calls)} calls at once`] : []),
  ]
}

/** A line of facts about what limits calls; none where nothing does. */
export function limitFacts(name: string, figures: CallLimits): Fact[] {
  const words = limitWords(figures)
  return words.length > 0 ? [{ name, value: words.join(', ') }] : []
}
