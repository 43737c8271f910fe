import { limits } from '../../config/limits.ts'
import { formatCallId } from '../../values/call-id.ts'
import type { Db } from '../../db/db.server.ts'
import { usagePath } from '../../paths.ts'
import {
  chartDays,
  facets,
  filterParams,
  foldRest,
  listCalls,
  measures,
  readUsageQuery,
  sumKeys,
  sumModels,
  sumUsage,
  type Facets,
  type Filter,
  type Measure,
  type UsageQuery,
} from '../../usage/usage.server.ts'
import { outcomes } from '../../values/outcomes.ts'
import { outcomeWord } from '../../ui/account/outcome-words.ts'
import { formatCount } from '../../ui/format/numbers.tsx'
import { callRow } from '../../pages/pages.server.ts'

/** What the address asks for: the filter, and which of its sums the chart shows. */
export function readUsageAddress(url: string): UsageQuery & { measure: Measure; typed: Typed } {
  const params = new URL(url).searchParams
  const typed = Object.fromEntries([...params].map(([name, value]) => [name, value.slice(0, 200)]))
  const asked = params.get('measure')
  params.delete('measure')
  const query = readUsageQuery(params)
  const measure = measures.find((name) => name === asked)
  if (asked && !measure) {
    const message = `must be one of ${measures.join(', ')}`
    query.problems.push({ field: 'measure', message })
  }
  return { ...query, measure: measure ?? 'cost', typed }
}
type Typed = Record<string, string>

const partsShown = 10

const counted = (text: string, calls: number) =>
  `${text} (${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'})`

/** What is chosen stays among the choices, even where no call of these days has it. */
function withChosen(choices: { value: string; text: string }[], chosen: string | null) {
  const isThere = chosen === null || choices.some(({ value }) => value === chosen)
  return isThere ? choices : [...choices, { value: chosen, text: counted(chosen, 0) }]
}

/** The choices of the filter's form, with how many calls there are of each in its days. */
function choicesOf(found: Facets, filter: Filter) {
  const classes = new Map<string, number>()
  for (const { statusCode, calls } of found.statusCodes) {
    const name = `${Math.floor(statusCode / 100)}xx`
    classes.set(name, (classes.get(name) ?? 0) + calls)
  }
  const statuses = [
    ...[...classes].map(([value, calls]) => ({ value, text: counted(value, calls) })),
    ...found.statusCodes.map(({ statusCode, calls }) => ({
      value: String(statusCode),
      text: counted(String(statusCode), calls),
    })),
  ]
  const callsOf = new Map(found.outcomes.map(({ outcome, calls }) => [outcome, calls]))
  const keys = found.keys.map(({ keyId, name, calls }) => ({
    value: String(keyId),
    text: counted(`${name || 'key'} #${keyId}`, calls),
  }))
  const models = found.models.map(({ model, calls }) => ({
    value: model,
    text: counted(model, calls),
  }))
  return {
    models: withChosen(models, filter.model),
    keys: withChosen(keys, filter.keyId === null ? null : String(filter.keyId)),
    statuses: withChosen(statuses, filter.status),
    outcomes: outcomes.map((value) => ({
      value,
      text: counted(outcomeWord(value), callsOf.get(value) ?? 0),
    })),
  }
}

/** Addresses of the same filter: its pages, its other charts. */
function addressesOf({ filter, paging, measure }: UsageQuery & { measure: Measure }) {
  const to = (more: Record<string, string | undefined>) => {
    const params = filterParams(filter)
    if (paging.rows !== limits.usage.pageRowsUsual) params.set('pageSize', String(paging.rows))
    if (measure !== 'cost') params.set('measure', measure)
    for (const [name, value] of Object.entries(more)) if (value) params.set(name, value)
    const text = params.toString()
    return text ? `${usagePath}?${text}` : usagePath
  }
  const here = {
    ...(paging.before ? { before: formatCallId(paging.before) } : {}),
    ...(paging.after ? { after: formatCallId(paging.after) } : {}),
    ...(paging.page > 1 ? { page: String(paging.page) } : {}),
  }
  return { to, here }
}

type Parts = {
  models: Awaited<ReturnType<typeof sumModels>>
  keys: Awaited<ReturnType<typeof sumKeys>>
}

/** The dearest models and keys, each with the address of the same filter narrowed to it. */
function partsOf(query: UsageQuery & { measure: Measure }, parts: Parts, { keys: named }: Facets) {
  const names = new Map(named.map(({ keyId, name }) => [keyId, name]))
  const narrowed = (more: Partial<Filter>) =>
    addressesOf({ ...query, filter: { ...query.filter, ...more } }).to({})
  const [models, keys] = [foldRest(parts.models, partsShown), foldRest(parts.keys, partsShown)]
  return {
    models: {
      rows: models.first.map(({ model, ...sums }) => ({
        ...sums,
        name: model,
        to: narrowed({ model }),
      })),
      rest: models.rest,
    },
    keys: {
      rows: keys.first.map(({ keyId, ...sums }) => ({
        ...sums,
        name: names.get(keyId) || `No. ${keyId}`,
        to: narrowed({ keyId }),
      })),
      rest: keys.rest,
    },
  }
}

/** All that the usage page shows of one filter. The lists are bounded, whatever the account did. */
export async function readUsagePage(
  db: Db,
  accountId: number,
  query: UsageQuery & { measure: Measure },
) {
  const { filter, paging, measure } = query
  const [page, sums, models, keys, found] = await Promise.all([
    listCalls(db, accountId, filter, paging),
    sumUsage(db, accountId, filter),
    sumModels(db, accountId, filter),
    sumKeys(db, accountId, filter),
    facets(db, accountId, filter),
  ])
  const { to, here } = addressesOf(query)
  const isFirst = Object.keys(here).length === 0
  return {
    calls: page.calls.map(callRow),
    totals: sums.totals,
    days: sums.days,
    chart: chartDays(sums.days, measure),
    ...partsOf(query, { models, keys }, found),
    choices: choicesOf(found, filter),
    pages: {
      newest: isFirst ? null : to({}),
      newer: page.newer ? to({ after: page.newer }) : null,
      older: page.older ? to({ before: page.older }) : null,
    },
    charts: measures.map((name) => ({
      text: name,
      to: to({ ...here, measure: name }),
      isCurrent: name === measure,
    })),
  }
}
