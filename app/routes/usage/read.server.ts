import type { Db } from '../../db/db.server.ts'
import { callRow } from '../../pages/pages.server.ts'
import {
  foldRest,
  listCalls,
  measures,
  sumParts,
  type Facets,
  type Filter,
} from '../../usage/usage.server.ts'
import { formatCallId } from '../../values/call-id.ts'
import { outcomes } from '../../values/outcomes.ts'
import { addressOf, stackWords, type UsageAddress } from './address.server.ts'
import { readChart } from './chart.server.ts'

const partsShown = 10

type Choice = { value: string; name: string; calls: number }

/**
 * What is chosen stays among the choices, even where no call of these days has it. It has no
 * number: that is among the totals, and a field has room for a name.
 */
function choose(choices: Choice[], chosen: string | null) {
  const isThere = chosen === null || choices.some(({ value }) => value === chosen)
  const all = isThere ? choices : [...choices, { value: chosen, name: chosen, calls: 0 }]
  return all.map(({ value, name, calls }) => ({
    value,
    name,
    calls: value === chosen ? null : calls,
  }))
}

/** The choices of the filter's form, with how many calls there are of each in its days. */
function choicesOf(found: Facets, filter: Filter) {
  const classes = new Map<string, number>()
  for (const { statusCode, calls } of found.statusCodes) {
    const name = `${Math.floor(statusCode / 100)}xx`
    classes.set(name, (classes.get(name) ?? 0) + calls)
  }
  const plain = (value: string, calls: number) => ({ value, name: value, calls })
  const statuses = [
    ...[...classes].map(([name, calls]) => plain(name, calls)),
    ...found.statusCodes.map(({ statusCode, calls }) => plain(String(statusCode), calls)),
  ]
  const callsOf = new Map(found.outcomes.map(({ outcome, calls }) => [outcome, calls]))
  const keys = found.keys.map(({ keyId, name, calls }) => ({
    value: String(keyId),
    name: `${name} #${keyId}`.trim(),
    calls,
  }))
  const ends = outcomes.map((value) => plain(value, callsOf.get(value) ?? 0))
  return {
    models: choose(
      found.models.map(({ model, calls }) => plain(model, calls)),
      filter.model,
    ),
    keys: choose(keys, filter.keyId === null ? null : String(filter.keyId)),
    statuses: choose(statuses, filter.status),
    outcomes: choose(ends, filter.outcome),
  }
}

/** Where in the list an address is, for what keeps its place. */
const placeOf = ({ paging: { before, after, page } }: UsageAddress) => ({
  ...(before ? { before: formatCallId(before) } : {}),
  ...(after ? { after: formatCallId(after) } : {}),
  ...(page > 1 ? { page: String(page) } : {}),
})

type Parts = Pick<Awaited<ReturnType<typeof sumParts>>, 'models' | 'keys'>

/** The dearest models and keys, each with the address of the same filter narrowed to it. */
function partsOf(address: UsageAddress, parts: Parts, keyName: (keyId: number) => string) {
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
        name: keyName(keyId),
        to: narrowed({ keyId }),
      })),
      rest: keys.rest,
    },
  }
}

/** Other pictures of the same calls, which keep their place in the list. */
function picturesOf(address: UsageAddress) {
  const more = placeOf(address)
  return {
    charts: measures.map((measure) => ({
      text: measure,
      to: addressOf({ ...address, measure }, { more }),
      isCurrent: measure === address.measure,
    })),
    stacks: stackWords.map((by) => ({
      text: by,
      to: addressOf({ ...address, by }, { more }),
      isCurrent: by === address.by,
    })),
  }
}

/** What its calls come to, and the names of its keys. */
async function readSums(db: Db, accountId: number, address: UsageAddress, now: Date) {
  const summed = await sumParts(db, accountId, address.filter)
  const names = new Map(summed.facets.keys.map(({ keyId, name }) => [keyId, name]))
  const keyName = (keyId: number) => names.get(keyId) || `#${keyId}`
  return {
    summed,
    keyName,
    chart: await readChart(db, accountId, address, { summed, keyName, now }),
  }
}

/** All that the usage page shows of one filter. The lists are bounded, whatever the account did. */
export async function readUsagePage(db: Db, accountId: number, address: UsageAddress, now: Date) {
  const { filter, paging } = address
  const [page, { summed, keyName, chart }] = await Promise.all([
    listCalls(db, accountId, filter, paging),
    readSums(db, accountId, address, now),
  ])
  const place = placeOf(address)
  const to = (more: Record<string, string | undefined>) => addressOf(address, { more })
  return {
    calls: page.calls.map(callRow),
    totals: summed.totals,
    ...chart,
    ...partsOf(address, summed, keyName),
    choices: choicesOf(summed.facets, filter),
    keyName: filter.keyId === null ? undefined : keyName(filter.keyId),
    pages: {
      newest: Object.keys(place).length === 0 ? null : to({}),
      newer: page.newer ? to({ after: page.newer }) : null,
      older: page.older ? to({ before: page.older }) : null,
    },
    ...picturesOf(address),
  }
}
