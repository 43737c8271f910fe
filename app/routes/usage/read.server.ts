import type { Db } from '../../db/db.server.ts'
import { callRow } from '../../pages/pages.server.ts'
import { outcomeWord } from '../../ui/account/outcome-words.ts'
import { formatCount } from '../../ui/format/numbers.tsx'
import { speakerOf } from '../../ui/language/speakers.ts'
import {
  chartDays,
  facets,
  foldRest,
  listCalls,
  measures,
  sumKeys,
  sumModels,
  sumUsage,
  type Facets,
  type Filter,
} from '../../usage/usage.server.ts'
import { formatCallId } from '../../values/call-id.ts'
import { outcomes } from '../../values/outcomes.ts'
import { addressOf, type UsageAddress } from './address.server.ts'

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
      text: counted(speakerOf('en')._(outcomeWord(value)), callsOf.get(value) ?? 0),
    })),
  }
}

/** Where in the list an address is, for what keeps its place. */
const placeOf = ({ paging: { before, after, page } }: UsageAddress) => ({
  ...(before ? { before: formatCallId(before) } : {}),
  ...(after ? { after: formatCallId(after) } : {}),
  ...(page > 1 ? { page: String(page) } : {}),
})

type Parts = {
  models: Awaited<ReturnType<typeof sumModels>>
  keys: Awaited<ReturnType<typeof sumKeys>>
}

/** The dearest models and keys, each with the address of the same filter narrowed to it. */
function partsOf(address: UsageAddress, parts: Parts, { keys: named }: Facets) {
  const names = new Map(named.map(({ keyId, name }) => [keyId, name]))
  const narrowed = (filter: Partial<Filter>) => addressOf(address, { filter })
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
export async function readUsagePage(db: Db, accountId: number, address: UsageAddress) {
  const { filter, paging, measure } = address
  const [page, sums, models, keys, found] = await Promise.all([
    listCalls(db, accountId, filter, paging),
    sumUsage(db, accountId, filter),
    sumModels(db, accountId, filter),
    sumKeys(db, accountId, filter),
    facets(db, accountId, filter),
  ])
  const place = placeOf(address)
  const to = (more: Record<string, string | undefined>) => addressOf(address, { more })
  return {
    calls: page.calls.map(callRow),
    totals: sums.totals,
    days: sums.days,
    chart: chartDays(sums.days, measure),
    ...partsOf(address, { models, keys }, found),
    choices: choicesOf(found, filter),
    keyName: found.keys.find(({ keyId }) => keyId === filter.keyId)?.name,
    pages: {
      newest: Object.keys(place).length === 0 ? null : to({}),
      newer: page.newer ? to({ after: page.newer }) : null,
      older: page.older ? to({ before: page.older }) : null,
    },
    charts: measures.map((name) => ({
      text: name,
      to: addressOf({ ...address, measure: name }, { more: place }),
      isCurrent: name === measure,
    })),
  }
}
