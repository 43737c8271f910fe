import { run, type Db, type Row } from '../db/db.server.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { Log } from '../telemetry/log.ts'
import { plainFactor } from '../values/factors.ts'
import { readAliases } from './aliases.ts'
import { Terms, termsAt, type TermsNow } from './terms.ts'

export type Price = { id: number; effectiveFrom: Date; terms: Terms }
export type Model = Omit<Row<'catalog/list-models'>, 'enabled'> & {
  enabled: boolean
  prices: Price[]
  /** Its other names: what is asked for by one of them is this model, at its price. */
  aliases: readonly string[]
}

/** One upstream that serves a model, what it is called there, and what it is charged by. */
export type Offer = {
  upstream: string
  theirName: string
  /** A row of either table of prices: the sale's own, or the cost's. */
  price: Price
  /** Of `price`, at the moment that the offer was asked for. */
  terms: TermsNow
  /** Basis points of `price` at which the model is sold. */
  priceFactor: number
  /** What the operator pays there; null where it is not known. */
  cost: Price | null
}

/** A model that is on sale. There is at least one offer; price and terms are those of the first. */
export type PricedModel = Model & { offers: readonly Offer[]; price: Price; terms: TermsNow }

export type Catalog = {
  /**
   * The model of this name or alias, and the price in force at `at`; undefined when unknown, switched
   * off or unpriced.
   */
  find(name: string, at: Date): PricedModel | undefined
  /** Everything on sale now, by name. */
  list(at: Date): PricedModel[]
  /** Reads models and prices anew; what it has stays as it is where that fails. */
  refresh(): Promise<void>
}

/** Reads models and prices as they stand in the database. */
export async function readModels(db: Db): Promise<Model[]> {
  const prices = new Map<string, Price[]>()
  for (const { id, model, effectiveFrom, terms } of await run(db, 'catalog/list-prices', {})) {
    const price = { id, effectiveFrom, terms: Terms.parse(JSON.parse(terms)) }
    prices.set(model, [...(prices.get(model) ?? []), price])
  }
  const aliases = await readAliases(db)
  const models = await run(db, 'catalog/list-models', {})
  const names = new Set(models.map(({ name }) => name))
  return models.map((row) => ({
    ...row,
    enabled: row.enabled === 1,
    prices: prices.get(row.name) ?? [],
    // What a model is called by itself is no other name of another one.
    aliases: (aliases.get(row.name) ?? []).filter((alias) => !names.has(alias)),
  }))
}

/** Models by all their names. */
export const byNameOf = <M extends Model>(models: readonly M[]): ReadonlyMap<string, M> =>
  new Map(models.flatMap((model) => [model.name, ...model.aliases].map((name) => [name, model])))

/** Each model with the price it was last found at: put together once, not for every call. */
const pairs = new WeakMap<Model, PricedModel>()

export function priced(
  model: Model | undefined,
  at: Date,
  upstream = 'openai',
): PricedModel | undefined {
  const price = model?.prices.find(({ effectiveFrom }) => effectiveFrom <= at)
  if (!model?.enabled || !price) return undefined
  const terms = termsAt(price.terms, at)
  const known = pairs.get(model)
  if (known?.price === price && known.terms.tiers === terms.tiers) return known
  const own = {
    upstream,
    theirName: model.name,
    price,
    terms,
    priceFactor: plainFactor,
    cost: null,
  }
  const pair = { ...model, offers: [own], price, terms }
  pairs.set(model, pair)
  return pair
}

/**
 * The catalogue in memory, as the database had it when it was last refreshed. A call keeps the
 * price it was let in with, so a change never touches one under way.
 */
export async function createCatalog(db: Db, upstream = 'openai'): Promise<Catalog> {
  let models: readonly Model[] = []
  let byName: ReadonlyMap<string, Model> = new Map()
  const refresh = async () => {
    models = await readModels(db)
    byName = byNameOf(models)
  }
  await refresh()
  return {
    find: (name, at) => priced(byName.get(name), at, upstream),
    list: (at) => models.flatMap((model) => priced(model, at, upstream) ?? []),
    refresh,
  }
}

/**
 * Refreshes the catalogue when another process says that it changed. What is not heard, a periodic
 * refresh finds; a database that is away leaves the catalogue as it was, and refuses the calls.
 */
export function hearCatalog(redis: RedisClient, catalog: Catalog, log: Log) {
  redis.subscribe(keyspace.catalogChannel, () => {
    catalog.refresh().catch((error: unknown) => log.failed('catalog_refresh_failed', error))
  })
}
