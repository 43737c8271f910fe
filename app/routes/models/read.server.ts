import { listedPrices, type PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { modelsPath } from '../../paths.ts'
import type { PageServices } from '../../services.ts'
import { covers } from '../../values/model-scope.ts'
import type { Unit } from '../../values/units.ts'
import { findBuyer, keysFor, type Buyer } from './buyer.server.ts'
import { isFound, offeredModels } from './offered.server.ts'

const { pageRows, findCharsMax } = limits.models
const inList: readonly Unit[] = ['input', 'cachedInput', 'output']

/** A model in a line: of its prices the first, and how many there are beside those. */
function modelRow(model: PricedModel, buyer: Buyer) {
  const prices = listedPrices(model, buyer.factor)
  const tiers = prices.flatMap(({ times }) => times.flatMap((time) => time.tiers))
  // The last of the times holds at all hours that no other names.
  const first = prices[0]?.times.at(-1)?.tiers[0]?.units ?? []
  const usdOf = (unit: Unit) => first.find((it) => it.unit === unit)?.usd ?? null
  const { name, aliases, ownedBy, contextTokens, outputTokensMax } = model
  return {
    name,
    ownedBy,
    contextTokens,
    outputTokensMax,
    aliases: [...aliases],
    input: usdOf('input'),
    cachedInput: usdOf('cachedInput'),
    // What writes nothing has a price for it all the same, of 0.
    output: outputTokensMax > 0 ? usdOf('output') : null,
    otherPrices: tiers.length - 1 + first.filter(({ unit }) => !inList.includes(unit)).length,
    isForAccount: covers(buyer.groupModels, name),
    keys: buyer.isSignedIn
      ? { able: keysFor(buyer, name).able.length, all: buyer.keys.length }
      : null,
  }
}

/** All that the page of models shows of one address: `q` narrows it, `after` is where it begins. */
export async function readModelsPage(request: Request, services: PageServices) {
  const params = new URL(request.url).searchParams
  const find = (params.get('q') ?? '').trim().slice(0, findCharsMax)
  const after = params.get('after') ?? ''
  const buyer = await findBuyer(request, services)
  const offered = offeredModels(services)
  const found = offered.filter((model) => isFound(model, find))
  const begin = after === '' ? 0 : found.findIndex(({ name }) => name === after) + 1
  const to = (at: number) => {
    const more = new URLSearchParams()
    if (find !== '') more.set('q', find)
    const before = found[at - 1]
    if (before) more.set('after', before.name)
    return more.size ? `${modelsPath}?${more.toString()}` : modelsPath
  }
  const end = begin + pageRows
  return {
    find,
    isSignedIn: buyer.isSignedIn,
    total: found.length,
    models: found.slice(begin, end).map((model) => modelRow(model, buyer)),
    pages: {
      newest: begin === 0 ? null : to(0),
      newer: begin === 0 ? null : to(Math.max(0, begin - pageRows)),
      older: end < found.length ? to(end) : null,
    },
  }
}
