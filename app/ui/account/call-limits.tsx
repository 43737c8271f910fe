import { useLingui } from '@lingui/react/macro'
import type { Fact } from '../facts.tsx'
import { formatCount } from '../format/numbers.tsx'
import { useLanguage } from '../language/use-language.ts'

/** Null where nothing is limited. */
export type CallLimits = { requests: number | null; tokens: number | null; calls: number | null }

/** What limits calls, in words: only what is limited. */
function LimitWords(figures: CallLimits) {
  const { t } = useLingui()
  const language = useLanguage()
  const count = (limit: number | null) => (limit ? formatCount(limit, language) : undefined)
  const [requests, tokens, calls] = [
    count(figures.requests),
    count(figures.tokens),
    count(figures.calls),
  ]
  const words = [
    ...(requests ? [t`${requests} requests a minute`] : []),
    ...(tokens ? [t`${tokens} tokens a minute`] : []),
    ...(calls ? [t`${calls} calls at once`] : []),
  ]
  return <>{words.join(t({ message: ', ', context: 'between limits' }))}</>
}

/** A line of facts about what limits calls; none where nothing does. */
export function limitFacts(name: string, figures: CallLimits): Fact[] {
  const { requests, tokens, calls } = figures
  return requests || tokens || calls ? [{ name, value: <LimitWords {...figures} /> }] : []
}
