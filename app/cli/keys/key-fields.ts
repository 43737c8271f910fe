import { limits } from '../../config/limits.ts'
import type { PricedModel } from '../../catalog/catalog.server.ts'
import type { ApiKey, NewKey } from '../../keys/keys.server.ts'
import { networkOf } from '../../values/keys/networks.ts'
import { periods } from '../../values/keys/periods.ts'
import type { Arguments } from '../arguments.ts'
import { money } from '../verb-result.ts'

const { addressesMax, modelsMax, nameCharsMax } = limits.keys

const wordsOf = (text: string) => [...new Set(text.split(',').map((word) => word.trim()))]

/** What is given of an option that may be `none`, which is null; undefined where it is not given. */
function given<T>(args: Arguments, name: string, read: () => T): T | null | undefined {
  const [text] = args.all(name)
  if (text === undefined) return undefined
  return text === 'none' ? null : read()
}

function addressesIn(args: Arguments): string[] {
  const words = wordsOf(args.text('addresses', '', { charsMax: 2_000 }))
  const wrong = words.filter((word) => networkOf(word) === undefined)
  if (wrong.length)
    args.problems.push(`addresses: ${wrong.join(', ')} is no address and no network`)
  if (words.length > addressesMax) args.problems.push(`addresses may name at most ${addressesMax}`)
  return words.flatMap((word) => networkOf(word) ?? [])
}

function modelsIn(args: Arguments): string[] {
  const models = wordsOf(args.text('models', '', { charsMax: 3_500 }))
  if (models.includes('')) args.problems.push('models has an empty name in it')
  if (models.length > modelsMax) args.problems.push(`models may name at most ${modelsMax}`)
  return models
}

/** The fields of a key that are named; `none` takes a limit away. */
export function givenFields(args: Arguments, now: Date): Partial<NewKey> {
  const expiresAt = given(args, 'expires', () => args.time('expires', null))
  if (expiresAt && expiresAt <= now) args.problems.push('expires is in the past')
  const fields = {
    name: args.all('name').length
      ? args.text('name', '', { charsMax: nameCharsMax }).trim()
      : undefined,
    expiresAt,
    budgetNanos: given(args, 'budget', () => args.usd('budget', null, 1)),
    period: given(args, 'period', () => args.word('period', null, periods)),
    periodBudgetNanos: given(args, 'period-budget', () => args.usd('period-budget', null, 1)),
    models: given(args, 'models', () => modelsIn(args)),
    addresses: given(args, 'addresses', () => addressesIn(args)),
  }
  const named = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(named) as Partial<NewKey>
}

/**
 * Models by their own names: of an alias its model is kept, which is what a call of it is in the
 * books. Answers in words where one is not there: a key for it would refuse every call, and nobody
 * would know why.
 */
export function namedModels(
  models: string[] | null | undefined,
  known: ReadonlyMap<string, Pick<PricedModel, 'name'>>,
): string[] | null | string {
  if (!models) return null
  const unknown = models.filter((name) => !known.has(name))
  if (unknown.length) return `There is no model ${unknown.join(', ')}.`
  return [...new Set(models.map((name) => known.get(name)?.name ?? name))]
}

const listOf = (text: string | null) => (text === null ? null : (JSON.parse(text) as string[]))

/** The fields of a key as it is. */
export const fieldsOf = (key: ApiKey): Required<NewKey> => ({
  name: key.name,
  expiresAt: key.expiresAt,
  budgetNanos: key.budgetNanos,
  period: key.period,
  periodBudgetNanos: key.periodBudgetNanos,
  models: listOf(key.models),
  addresses: listOf(key.addresses),
  responsesAtChat: key.responsesAtChat === 1,
})

/** What a key may do at most, as documents say it. */
export const limitsOf = (key: Partial<NewKey>) => ({
  ...money('budget', key.budgetNanos ?? null),
  period: key.period ?? null,
  ...money('period_budget', key.periodBudgetNanos ?? null),
  models: key.models ?? null,
  addresses: key.addresses ?? null,
})
