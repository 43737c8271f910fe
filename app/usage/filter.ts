import { z } from 'zod'

import { limits } from '../config/limits.ts'
import { parseCallId } from '../values/call-id.ts'
import { earliestDay, isDay, latestDay } from '../values/days.ts'
import { outcomes, type Outcome } from '../values/outcomes.ts'
import { slotsOf } from '../values/zones/zone-days.ts'

const { pagesMax, pageRowsMax, pageRowsUsual } = limits.usage

/** What the call history is narrowed to; null: everything. Days are those of `zone`, both included. */
export type Filter = {
  model: string | null
  keyId: number | null
  from: string | null
  to: string | null
  /** A code such as `404`, or a class such as `4xx`. */
  status: string | null
  outcome: Outcome | null
  /** Calls of this person's keys alone: not theirs to choose, so no address has it. */
  userId: number | null
  /** By whose clocks days begin: the asker's choice, and so in no address either. */
  zone: string
}
export const everything: Filter = {
  model: null,
  keyId: null,
  from: null,
  to: null,
  status: null,
  outcome: null,
  userId: null,
  zone: 'UTC',
}

/** Whether it asks for more than a range of days. */
export const isNarrowed = ({ model, keyId, status, outcome, userId }: Filter) =>
  [model, keyId, status, outcome, userId].some((it) => it !== null)

/** Where in the history: at most one of `before` and `after`, or the number of a first page. */
export type Paging = {
  before: Buffer | null
  after: Buffer | null
  page: number
  rows: number
}
type Problem = { field: string; message: string }
export type UsageQuery = { filter: Filter; paging: Paging; problems: Problem[] }

const day = z.string().refine(isDay, 'must be a day such as 2027-01-31')
const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1, 'must be at least 1').max(most, `must be at most ${most}`))
const cursor = z.string().transform((text, context) => {
  const id = parseCallId(text)
  if (id) return id
  context.addIssue({ code: 'custom', message: 'must be the id of a call' })
  return z.NEVER
})

const filterFields = {
  model: z.string().regex(/^[^\s\p{Cc}\p{Cf}]{1,100}$/u, 'must be the name of a model'),
  key: whole(Number.MAX_SAFE_INTEGER),
  from: day,
  to: day,
  status: z
    .string()
    .toLowerCase()
    .regex(/^[1-5](\d\d|xx)$/, 'must be a status code such as 404, or a class such as 4xx'),
  outcome: z.enum(outcomes, `must be one of ${outcomes.join(', ')}`),
}
const pagingFields = {
  before: cursor,
  after: cursor,
  page: whole(pagesMax),
  pageSize: whole(pageRowsMax),
}
const Query = z.strictObject({ ...filterFields, ...pagingFields }).partial()

const names = new Set(Object.keys({ ...filterFields, ...pagingFields }))

/** An empty field is one that its form was sent without; the same field twice is nobody's wish. */
function fieldsOf(params: URLSearchParams, problems: Problem[]): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const name of new Set(params.keys())) {
    const [value, ...more] = params.getAll(name).filter((text) => text !== '')
    if (!names.has(name)) problems.push({ field: name, message: 'is not a filter of this page' })
    else if (more.length) problems.push({ field: name, message: 'is given more than once' })
    else if (value !== undefined) fields[name] = value
  }
  return fields
}

/**
 * Reads `model`, `key`, `from`, `to`, `status`, `outcome`; `before`, `after`, `page`, `pageSize`.
 * Whatever cannot be understood is in `problems`, in words that follow the field's name; the filter
 * is then not the one that was asked for, and nothing may be shown as if it were.
 */
export function readUsageQuery(params: URLSearchParams): UsageQuery {
  const problems: Problem[] = []
  const fields = fieldsOf(params, problems)
  const parsed = Query.safeParse(fields)
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      problems.push({ field: String(path[0]), message })
  }
  const given = parsed.success ? parsed.data : {}
  if (given.from && given.to && given.from > given.to)
    problems.push({ field: 'to', message: `must not be before ${given.from}` })
  const places = [given.before, given.after, given.page].filter((place) => place !== undefined)
  if (places.length > 1)
    problems.push({
      field: 'page',
      message: 'cannot be combined: give only one of before, after and page',
    })
  const { model = null, key = null, from = null, to = null } = given
  return {
    filter: {
      model,
      keyId: key,
      from,
      to,
      status: given.status ?? null,
      outcome: given.outcome ?? null,
      userId: null,
      zone: 'UTC',
    },
    paging: {
      before: given.before ?? null,
      after: given.after ?? null,
      page: given.page ?? 1,
      rows: given.pageSize ?? pageRowsUsual,
    },
    problems,
  }
}

/** The same filter as parameters of an address, for links and for the CSV of what a page shows. */
export function filterParams({ model, keyId, from, to, status, outcome }: Filter): URLSearchParams {
  const params = new URLSearchParams()
  const fields = { model, key: keyId, from, to, status, outcome }
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) params.set(name, String(value))
  }
  return params
}

/** A filter as the statements take it. A status code is a class of one. */
export function rollupParams({ keyId, model, status, outcome, userId }: Filter) {
  const least = status?.replace('xx', '00') ?? '0'
  const most = status?.replace('xx', '99') ?? '999'
  return { keyId, model, outcome, userId, statusLeast: Number(least), statusMost: Number(most) }
}

export type Slots = { fromSlot: number; toSlot: number }
export type RangeParams = Slots & { zone: string; from: string; to: string }

/** Its days as the statements take them: those that are folded, and the slots of the rest. */
export function rangeParams({ zone, from, to }: Pick<Filter, 'zone' | 'from' | 'to'>): RangeParams {
  const days = { from: from ?? earliestDay, to: to ?? latestDay }
  return { zone, ...days, ...slotsOf(zone, days.from, days.to) }
}

/** Slots alone, folded or not: of a zone that nobody has no day is folded. */
export const slotParams = ({ fromSlot, toSlot }: Slots): RangeParams => ({
  zone: '',
  from: earliestDay,
  to: latestDay,
  fromSlot,
  toSlot,
})
