import type { MessageDescriptor } from '@lingui/core'
import { z } from 'zod'
import { byNameOf } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { charactersIn } from '../values/characters.ts'
import { modelsPath } from '../paths.ts'
import type { PageServices } from '../services.ts'
import type { NewKey } from '../keys/keys.server.ts'
import { formatUsdShort, parseUsd } from '../values/money.ts'
import { networkOf } from '../values/keys/networks.ts'
import { periods, type Period } from '../values/keys/periods.ts'
import { dayMs, isDay } from '../values/days.ts'
import { dayIn, endOf } from '../values/zones/zone-days.ts'
import { clockNow } from '../values/clock.ts'
import { msg } from '../values/language/msg.ts'

const { nameCharsMax, modelsMax, modelsCharsMax, daysAheadMax } = limits.keys
const { addressesMax, addressesCharsMax, modelsShownMax } = limits.keys
const findCharsMax = nameCharsMax

/** All models on sale, by name. */
const knownModels = ({ catalog }: PageServices): string[] =>
  catalog.list(clockNow()).map(({ name }) => name)

/** The own name of each model on sale, by every name that it has. */
export const modelNames = ({ catalog }: PageServices): Map<string, string> =>
  new Map([...byNameOf(catalog.list(clockNow()))].map(([name, model]) => [name, model.name]))

const keyFields = [
  'name',
  'lastDay',
  'budget',
  'periodBudget',
  'period',
  'models',
  'addresses',
  'responsesAtChat',
] as const
type KeyField = (typeof keyFields)[number]
/** What was typed, to be shown again. */
export type TypedKey = Record<KeyField, string>
export type KeyErrors = Partial<Record<KeyField, MessageDescriptor>>

/** A list as JSON, one a line. */
const linesOf = (list: string | null) =>
  list === null ? '' : (JSON.parse(list) as string[]).join('\n')

/** The fields as a form shows them: the last day of a zone on which the key works. */
export const typedOf = (
  zone: string,
  key: {
    name: string
    expiresAt: Date | null
    budgetNanos: number | null
    period: Period | null
    periodBudgetNanos: number | null
    models: string | null
    addresses: string | null
    responsesAtChat: number
  },
): TypedKey => ({
  name: key.name,
  // A key that ends at midnight works until the end of the day before.
  lastDay: key.expiresAt ? dayIn(zone, key.expiresAt.getTime() - 1) : '',
  budget: key.budgetNanos === null ? '' : formatUsdShort(key.budgetNanos),
  periodBudget: key.periodBudgetNanos === null ? '' : formatUsdShort(key.periodBudgetNanos),
  period: key.period ?? '',
  models: linesOf(key.models),
  addresses: linesOf(key.addresses),
  responsesAtChat: key.responsesAtChat === 1 ? 'on' : '',
})

type Fail = (text: MessageDescriptor) => void

/** A field as it is read: what is wrong with it is a text, which its issue has in `params`. */
const field = <T>(read: (text: string, fail: Fail) => T | undefined) =>
  z.string().transform((typed, context): T => {
    let problem: MessageDescriptor | undefined
    const value = read(typed.trim(), (text) => (problem = text))
    if (problem === undefined && value !== undefined) return value
    context.addIssue({ code: 'custom', params: { text: problem ?? msg`This is not valid.` } })
    return z.NEVER
  })

const optional = <T>(read: (text: string, fail: Fail) => T | undefined) =>
  field<T | null>((text, fail) => (text === '' ? null : read(text, fail)))

const name = field<string>((text, fail) => {
  if (text === '') return void fail(msg`Give the key a name.`)
  if (charactersIn(text) > nameCharsMax)
    return void fail(msg`A name has at most ${nameCharsMax} characters.`)
  // Names are printed in terminals and written to CSV.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))
    return void fail(msg`A name must be one line of visible characters.`)
  return text
})

/** The end of a day of a zone that has not ended. */
const lastDay = (now: Date, zone: string) =>
  optional<Date>((text, fail) => {
    if (!isDay(text)) return void fail(msg`Write a day such as 2027-01-31, or nothing.`)
    const ends = new Date(endOf(text, zone))
    if (ends <= now) return void fail(msg`This day is over. Choose today or a later one.`)
    if (ends.getTime() - now.getTime() > daysAheadMax * dayMs)
      return void fail(msg`This is more than ten years away. Leave it empty for no end.`)
    return ends
  })

const budget = optional<number>((text, fail) => {
  const nanos = parseUsd(text)
  if (nanos === undefined || nanos < 1)
    return void fail(msg`Write dollars such as 5 or 0.25, more than 0, or nothing.`)
  return nanos
})

const period = optional<Period>((text, fail) => {
  const known = periods.find((it) => it === text)
  return known ?? void fail(msg`Choose a day, a week or a month.`)
})

const addresses = optional<string[]>((text, fail) => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const wrong = words.filter((word) => networkOf(word) === undefined).map((it) => it.slice(0, 60))
  if (wrong.length) {
    const shown = wrong.slice(0, 3).join(', ')
    return void fail(msg`${shown}: write an address, or a network such as 203.0.113.0/24.`)
  }
  const networks = [...new Set(words.flatMap((word) => networkOf(word) ?? []))]
  const isLong = JSON.stringify(networks).length > addressesCharsMax
  if (networks.length > addressesMax || isLong)
    return void fail(msg`Name at most ${addressesMax} addresses or networks.`)
  return networks
})

/** Of an alias its model is kept: that is what a call of it is in the books. */
const models = (known: ReadonlyMap<string, string>) =>
  optional<string[]>((text, fail) => {
    const words = text.split(/[\s,]+/).filter((word) => word !== '')
    const names = [...new Set(words.map((word) => known.get(word) ?? word))]
    // A key for a model that is not there would refuse every call, and nobody would know why.
    const unknown = words.filter((word) => !known.has(word)).map((word) => word.slice(0, 60))
    if (unknown.length) {
      const shown = unknown.slice(0, 5).join(', ')
      return void fail(msg`There is no model ${shown} here.`)
    }
    if (JSON.stringify(names).length > modelsCharsMax) return void fail(msg`There are too many.`)
    if (names.length > modelsMax) return void fail(msg`Name at most ${modelsMax} models.`)
    return names
  })

/** Of boxes that are ticked each comes by itself. */
const textOf = (form: FormData, field: KeyField) =>
  form
    .getAll(field)
    .filter((value) => typeof value === 'string')
    .join('\n')

/** What a form has in it, as it was typed. */
const typedIn = (form: FormData): TypedKey =>
  Object.fromEntries(keyFields.map((field) => [field, textOf(form, field)])) as TypedKey

/** Where a form was only sent to look for models: what of it was typed, to be shown again. */
export function findingIn(form: FormData): { typed: TypedKey; find: string } | undefined {
  const find = form.get('find')
  if (form.get('isFinding') !== 'on' || typeof find !== 'string') return undefined
  return { typed: typedIn(form), find: find.slice(0, findCharsMax) }
}

/** The models on sale, for a form that has some of them ticked. */
export const pickableModels = (services: PageServices) => ({
  names: knownModels(services),
  find: '',
  shownMax: modelsShownMax,
  listPath: modelsPath,
})

const howMuch = (typed: string) => {
  const period = typed.slice(0, 5)
  return msg`Write how much a ${period}.`
}

type ReadKey = { typed: TypedKey } & (
  { fields: Required<NewKey>; errors?: undefined } | { fields?: undefined; errors: KeyErrors }
)

/** Reads the fields of a key from a form; an empty one means none: no end, no budget, all models … */
export function readKeyFields(
  form: FormData,
  known: ReadonlyMap<string, string>,
  { now, zone }: { now: Date; zone: string },
): ReadKey {
  const typed = typedIn(form)
  const parsed = z
    .object({
      name,
      lastDay: lastDay(now, zone),
      budget,
      periodBudget: budget,
      period,
      models: models(known),
      addresses,
    })
    .safeParse(typed)
  const errors: KeyErrors = {}
  for (const issue of parsed.error?.issues ?? [])
    if (issue.code === 'custom')
      errors[issue.path[0] as KeyField] ??= issue.params?.text as MessageDescriptor
  const [isBudget, isPeriod] = [typed.periodBudget.trim() !== '', typed.period !== '']
  if (isBudget && !isPeriod) errors.period ??= msg`Choose a day, a week or a month.`
  if (isPeriod && !isBudget) errors.periodBudget ??= howMuch(typed.period)
  if (!parsed.success || Object.keys(errors).length > 0) return { typed, errors }
  const { lastDay: expiresAt, budget: budgetNanos, periodBudget, ...rest } = parsed.data
  // A box that is not ticked is not sent at all.
  const responsesAtChat = typed.responsesAtChat === 'on'
  const money = { budgetNanos, periodBudgetNanos: periodBudget }
  return { typed, fields: { ...rest, ...money, expiresAt, responsesAtChat } }
}
