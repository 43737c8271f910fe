import { isGenaiPrices, readGenaiPrices } from './genai-prices.ts'
import type { Json } from './json-text.ts'
import type { Listed, Read } from './listed.ts'
import { isLitellm, readLitellm } from './litellm.ts'
import { isModelsDev, readModelsDev } from './models-dev.ts'
import { NoList } from './sources.ts'

/** The forms of published lists that are read, in the words of the command line. */
export const listForms = ['genai-prices', 'litellm', 'models-dev'] as const
export type ListForm = (typeof listForms)[number]

function readAs(form: ListForm, json: Json): Read | undefined {
  switch (form) {
    case 'genai-prices':
      return isGenaiPrices(json) ? readGenaiPrices(json) : undefined
    case 'litellm':
      return isLitellm(json) ? readLitellm(json) : undefined
    case 'models-dev':
      return isModelsDev(json) ? readModelsDev(json) : undefined
  }
}

/** The same model may stand in a list under two keys; with two prices, nobody knows its price. */
function withoutTwice({ listed, unread }: Read): Read {
  const groups = new Map<string, Listed[]>()
  for (const it of listed) {
    const name = `${it.provider} ${it.model}`
    groups.set(name, [...(groups.get(name) ?? []), it])
  }
  const single: Listed[] = []
  const double: Read['unread'] = []
  for (const [first, ...others] of groups.values()) {
    if (!first) continue
    const prices = JSON.stringify(first.prices)
    if (others.every((it) => JSON.stringify(it.prices) === prices)) single.push(first)
    else {
      const { provider, model } = first
      double.push({ provider, model, why: 'it stands in the list twice, with two prices' })
    }
  }
  return { listed: single, unread: [...unread, ...double] }
}

/**
 * Reads a list of a form, or of whichever it has.
 * @throws NoList where it has none of them.
 */
export function readList(json: Json, form: ListForm | null): Read & { form: ListForm } {
  for (const each of form === null ? listForms : [form]) {
    const read = readAs(each, json)
    if (read) return { ...withoutTwice(read), form: each }
  }
  throw new NoList(`it is no list of the form ${form ?? listForms.join(', ')}`)
}
