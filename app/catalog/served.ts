import { z } from 'zod'
import { run, type Db } from '../db/db.server.ts'
import { addTo } from '../values/groups.ts'
import type { PriceRow, PriceRows } from './price-rows.ts'

/** An upstream that the environment names. */
export type EnvironmentUpstream = {
  name: string
  definition: {
    kind: 'openai' | 'anthropic'
    /** Whose published list of prices it charges by; null where that is not known. */
    prices: string | null
    /** Each endpoint that it serves, below /v1. */
    paths?: Readonly<Record<string, string>>
  }
}

/** What decides who of the environment serves a model that nobody names. */
type Servable = {
  name: string
  ownedBy: string
  /** It comes from a published list, and not from an operator. */
  isSeeded: boolean
}

/** An upstream that serves a model, and what it charges for it. */
export type Served = {
  upstream: string
  theirName: string
  /** Where it can be called there, below /v1: such as chat/completions. */
  endpoints: readonly string[]
  /** The upstream's own prices, which go before the list's; of each the newest first. */
  costs: { own: readonly PriceRow[]; listed: readonly PriceRow[] }
}

type Upstream = { name: string; prices: string | null; endpoints: readonly string[] }

/** All that is asked of a definition here; what else is in it the upstreams' own room reads. */
const Serving = z.object({
  prices: z.string().nullable().default(null),
  paths: z.record(z.string(), z.string()).default({}),
})
type Serving = z.input<typeof Serving>

const upstreamOf = (name: string, { prices = null, paths = {} }: Serving): Upstream => ({
  name,
  prices,
  endpoints: Object.keys(paths),
})

function readUpstream(name: string, definition: string): Upstream {
  try {
    return upstreamOf(name, Serving.parse(JSON.parse(definition)))
  } catch {
    // One that cannot be read charges by no list; calls do not go to it either.
    return upstreamOf(name, {})
  }
}

/** Those of the database, by whose priority; then the environment's, unless one has their name. */
async function readUpstreams(
  db: Db,
  environment: readonly EnvironmentUpstream[],
): Promise<Upstream[]> {
  const rows = await run(db, 'catalog/list-upstreams', {})
  const upstreams = rows.map(({ name, definition }) => readUpstream(name, definition))
  const taken = new Set(upstreams.map(({ name }) => name))
  const own = environment.filter(({ name }) => !taken.has(name))
  return [...upstreams, ...own.map(({ name, definition }) => upstreamOf(name, definition))]
}

/**
 * Whether an upstream of the environment serves a model that nobody names: Anthropic's what is
 * Anthropic's; the other one all that an operator has added, whoever owns it, and of what was seeded
 * what is OpenAI's own.
 */
const servesByItself = (
  { definition: { kind } }: EnvironmentUpstream,
  { ownedBy, isSeeded }: Servable,
) => (kind === 'anthropic' ? ownedBy === 'anthropic' : !isSeeded || ownedBy === 'openai')

type Offering = { upstream: Upstream; model: string; theirName: string }

/** Each upstream with each model that it serves. The environment's serve what nobody names. */
async function readOfferings(
  db: Db,
  models: readonly Servable[],
  environment: readonly EnvironmentUpstream[],
): Promise<Offering[]> {
  const upstreams = await readUpstreams(db, environment)
  const names = new Set(upstreams.map(({ name }) => name))
  const rows = await run(db, 'catalog/list-served', {})
  const served = rows.filter(({ upstream }) => names.has(upstream))
  const named = new Set(served.map(({ model }) => model))
  const unnamed = models.filter(({ name }) => !named.has(name))
  const byUpstream = new Map<string, typeof served>()
  for (const row of served) addTo(byUpstream, row.upstream, row)
  return upstreams.flatMap((upstream): Offering[] => {
    const listed = byUpstream.get(upstream.name) ?? []
    const own = environment.find(({ name }) => name === upstream.name)
    const others = own ? unnamed.filter((model) => servesByItself(own, model)) : []
    return [
      ...listed.map(({ model, theirName }) => ({ upstream, model, theirName })),
      ...others.map(({ name }) => ({ upstream, model: name, theirName: name })),
    ]
  })
}

const ownScope = ({ name }: Upstream) => `upstream:${name}`
const listScope = ({ prices }: Upstream) => (prices === null ? [] : [`list:${prices}`])

/** Who serves which model, by the model's own name, and what each charges for it. */
export async function readServed(
  db: Db,
  models: readonly Servable[],
  environment: readonly EnvironmentUpstream[],
  rows: PriceRows,
): Promise<Map<string, Served[]>> {
  const offerings = await readOfferings(db, models, environment)
  const costs = new Map<string, PriceRow[]>()
  const keyOf = (scope: string, model: string) => `${scope} ${model}`
  const costOf = (scope: string, model: string) => costs.get(keyOf(scope, model)) ?? []
  if (offerings.length > 0) {
    const scopes = offerings.flatMap(({ upstream }) => [ownScope(upstream), ...listScope(upstream)])
    const names = offerings.flatMap(({ model, theirName }) => [model, theirName])
    const wanted = { scopes: [...new Set(scopes)], models: [...new Set(names)] }
    for (const { scope, ...row } of await run(db, 'catalog/list-cost-prices', wanted)) {
      addTo(costs, keyOf(scope, row.model), rows.read('cost_prices', row))
    }
  }
  const served = new Map<string, Served[]>()
  for (const { upstream, model, theirName } of offerings) {
    const own = costOf(ownScope(upstream), model)
    const listed = listScope(upstream).flatMap((scope) => costOf(scope, theirName))
    const { name, endpoints } = upstream
    const one = { upstream: name, theirName, endpoints, costs: { own, listed } }
    addTo(served, model, one)
  }
  return served
}
