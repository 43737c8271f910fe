import { z } from 'zod'
import { byNameOf } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { charactersIn } from '../values/characters.ts'
import type { PageServices } from '../services.ts'
import type { NewKey } from '../keys/keys.server.ts'
import { formatUsdShort, parseUsd } from '../values/money.ts'
import { dayMs } from '../values/days.ts'
import { clockNow } from '../values/clock.ts'

const { nameCharsMax, modelsMax, modelsCharsMax, daysAheadMax } = limits.keys

/** All models on sale, by name. */
export const knownModels = ({ catalog }: PageServices): string[] =>
  catalog.list(clockNow()).map(({ name }) => name)

/** The own name of each model on sale, by every name that it has. */
export const modelNames = ({ catalog }: PageServices): Map<string, string> =>
  new Map([...byNameOf(catalog.list(clockNow()))].map(([name, model]) => [name, model.name]))

const keyFields = ['name', 'lastDay', 'budget', 'models', 'responsesAtChat'] as const
type KeyField = (typeof keyFields)[number]
/** What was typed, to be shown again. */
export type TypedKey = Record<KeyField, string>
export type KeyErrors = Partial<Record<KeyField, string>>

/** The fields as a form shows them: the last day on which the key works, in UTC. */
export const typedOf = (key: {
  name: string
  expiresAt: Date | null
  budgetNanos: number | null
  models: string | null
  responsesAtChat: number
}): TypedKey => ({
  name: key.name,
  // A key that ends at midnight works until the end of the day before.
  lastDay: key.expiresAt ? new Date(key.expiresAt.getTime() - 1).toISOString().slice(0, 10) : '',
  budget: key.budgetNanos === null ? '' : formatUsdShort(key.budgetNanos),
  models: key.models === null ? '' : (JSON.parse(key.models) as string[]).join('\n'),
  responsesAtChat: key.responsesAtChat === 1 ? 'on' : '',
})

const name = z
  .string()
  .trim()
  .min(1, 'Give the key a name.')
  .refine(
    (text) => charactersIn(text) <= nameCharsMax,
    `A name has at most ${nameCharsMax} characters.`,
  )
  // Names are printed in terminals and written to CSV.
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'A name must be one line of visible characters.')

const optional = <T>(read: (text: string, fail: (message: string) => void) => T | undefined) =>
  z.string().transform((text, context): T | null => {
    if (text.trim() === '') return null
    let problem: string | undefined
    const value = read(text.trim(), (message) => (problem = message))
    if (problem === undefined && value !== undefined) return value
    context.addIssue({ code: 'custom', message: problem ?? 'This is not valid.' })
    return z.NEVER
  })

/** The end of a UTC day that has not ended. */
const lastDay = (now: Date) =>
  optional<Date>((text, fail) => {
    const day = /^20\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
    if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text)
      return void fail('Write a day such as 2027-01-31, or nothing.')
    const ends = new Date(day + dayMs)
    if (ends <= now) return void fail('This day is over. Choose today or a later one.')
    if (ends.getTime() - now.getTime() > daysAheadMax * dayMs)
      return void fail('This is more than ten years away. Leave it empty for no end.')
    return ends
  })

const budget = optional<number>((text, fail) => {
  const nanos = parseUsd(text)
  if (nanos === undefined || nanos < 1)
    return void fail('Write dollars such as 5 or 0.25, more than 0, or nothing.')
  return nanos
})

/** Of an alias its model is kept: that is what a call of it is in the books. */
const models = (known: ReadonlyMap<string, string>) =>
  optional<string[]>((text, fail) => {
    const words = text.split(/[\s,]+/).filter((word) => word !== '')
    const names = [...new Set(words.map((word) => known.get(word) ?? word))]
    // A key for a model that is not there would refuse every call, and nobody would know why.
    const unknown = words.filter((word) => !known.has(word)).map((word) => word.slice(0, 60))
    if (unknown.length)
      return void fail(`There is no model ${unknown.slice(0, 5).join(', ')} here.`)
    if (JSON.stringify(names).length > modelsCharsMax) return void fail('There are too many.')
    if (names.length > modelsMax) return void fail(`Name at most ${modelsMax} models.`)
    return names
  })

const textOf = (form: FormData, field: KeyField) => {
  const value = form.get(field)
  return typeof value === 'string' ? value : ''
}

type ReadKey = { typed: TypedKey } & (
  { fields: Required<NewKey>; errors?: undefined } | { fields?: undefined; errors: KeyErrors }
)

/** Reads the fields of a key from a form; an empty one means none: no end, no budget, all models. */
export function readKeyFields(
  form: FormData,
  known: ReadonlyMap<string, string>,
  now: Date,
): ReadKey {
  const typed = Object.fromEntries(
    keyFields.map((field) => [field, textOf(form, field)]),
  ) as TypedKey
  const parsed = z
    .object({ name, lastDay: lastDay(now), budget, models: models(known) })
    .safeParse(typed)
  if (parsed.success) {
    const { name, lastDay: expiresAt, budget: budgetNanos, models } = parsed.data
    // A box that is not ticked is not sent at all.
    const responsesAtChat = typed.responsesAtChat === 'on'
    return { typed, fields: { name, expiresAt, budgetNanos, models, responsesAtChat } }
  }
  const errors: KeyErrors = {}
  for (const { path, message } of parsed.error.issues) errors[path[0] as KeyField] ??= message
  return { typed, errors }
}
