import type { Delivery, Reasoning, Said } from '../endpoint.ts'
import { topOf, usageWithin } from '../openai/answer-members.ts'
import { deliveredBy } from './delivered.ts'
import { readResponsesUsage } from './reported-usage.ts'

/** An answer that is still to come, or came to nothing, is the upstream's failure. */
const isEnded = (status: unknown) =>
  status === undefined || status === null || status === 'completed' || status === 'incomplete'

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

/** A 200 that is no response is the upstream's failure, whatever it says. */
export function readAnswer(bytes: Buffer, how: Reasoning): Said | undefined {
  const top = topOf(bytes)
  if (!top || top('error') || !isEnded(top('status'))) return undefined
  if (!top.isList('output')) return undefined
  const figures = { usage: top('usage'), tool_usage: top('tool_usage') }
  // A long output is looked into where it alone can say what was used.
  const output = () => top('output')
  const hasSearches = !figures.tool_usage && top.holds('output', 'web_search_call')
  const answer = hasSearches ? { ...figures, output: output() } : figures
  const id = text(top('id'))
  return {
    reported: readResponsesUsage(answer, how),
    serviceTier: text(top('service_tier')),
    model: text(top('model')),
    ...(id !== null && { id }),
    delivered: () => deliveredBy(output()),
  }
}

const spoken = /"(?:text|refusal|arguments|input)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)/g
/** What can be read of a response that broke off, or that is no JSON. */
export function readBroken(bytes: Buffer, how: Reasoning): Pick<Said, 'reported' | 'delivered'> {
  const words = bytes.toString('utf8')
  return {
    reported: readResponsesUsage({ usage: usageWithin(words) }, how),
    delivered(): Delivery[] {
      const said = [...words.matchAll(spoken)].map(([, it = '']) => it).join('')
      return deliveredBy([{ text: said }])
    },
  }
}
