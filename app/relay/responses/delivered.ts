import type { Delivery } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { isSearch } from './reported-usage.ts'

const nothing = { mediaTokens: 0, isLast: false }

/** Members in which a model's own words stand, in whatever kind of item. */
const spoken = ['text', 'refusal', 'arguments', 'input', 'code'] as const
const holders = ['content', 'summary'] as const

/** All that an item says, and its parts. */
function wordsIn(item: Record<string, unknown>): string {
  let words = ''
  for (const name of spoken) if (typeof item[name] === 'string') words += item[name]
  for (const name of holders) {
    const parts: unknown = item[name]
    if (typeof parts === 'string') words += parts
    else if (Array.isArray(parts))
      for (const part of parts) if (isObject(part)) words += wordsIn(part)
  }
  return words
}

/** What the items of an output deliver. */
export function deliveredBy(output: unknown): Delivery[] {
  if (!Array.isArray(output)) return []
  return output.filter(isObject).map((item, index) => {
    const text = wordsIn(item)
    const searches = isSearch(item) ? 1 : 0
    return { ...nothing, index, text, isSomething: text !== '', searches }
  })
}

/** What one event of a stream delivers: what it adds to an item, or a search that has ended. */
export function deliveredIn(event: Record<string, unknown>): Delivery[] {
  const { type, delta, item, output_index: at } = event
  const index = typeof at === 'number' ? at : 0
  if (typeof type !== 'string') return []
  if (type.endsWith('.delta') && typeof delta === 'string')
    return [{ ...nothing, index, text: delta, isSomething: delta !== '' }]
  if (type === 'response.output_item.done' && isSearch(item))
    return [{ ...nothing, index, text: '', isSomething: false, searches: 1 }]
  return []
}
