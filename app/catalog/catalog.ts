import { addTo } from '../values/groups.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { Log } from '../telemetry/log.ts'
import { readAliases } from './aliases.ts'
import { offersAt, type Offer } from './offers.ts'
import { stretchAround } from './stretch.ts'
import { PriceRows, type OnUnread, type Price, type PriceRow } from './price-rows.ts'
import { isListPrice } from './seed.ts'
import { readServed, type EnvironmentUpstream, type Served } from './served.ts'
import type { TermsNow } from './terms.ts'

export type Model = Omit<Row<'catalog/list-models'>, 'enabled'> & {
  enabled: boolean
  /** What it is sold at, whoever serves it. */
  prices: readonly PriceRow[]
  served: readonly Served[]
  /** Its other names: what is asked for by one of them is this model, at its price. */
  aliases: readonly string[]
}

/** A model that is on sale. There is at least one offer; price and terms are those of the first. */
export type PricedModel = Model & { offers: readonly Offer[]; price: Price; terms: TermsNow }

export type Catalog = {
  /**
   * The model of this name or alias, and what it is offered at; undefined when unknown, switched
   * off, unpriced or served by nobody.
   */
  find(name: string, at: Date): PricedModel | undefined
  /** Everything on sale now, by name. */
  list(at: Date): PricedModel[]
  /**
   * Reads models, prices and who serves them anew where any of it has changed; what it has stays
   * where that fails, and the next time it is tried again.
   */
  refresh(): Promise<void>
}

/**
 * Reads models, their prices and who serves them, as all that stands in the database; `environment`
 * are the upstreams that do not.
 */
export async function readModels(
  db: Db,
  environment: readonly EnvironmentUpstream[] = [],
  rows = new PriceRows(),
): Promise<Model[]> {
  const prices = new Map<string, PriceRow[]>()
  const seeded = new Set<string>()
  for (const row of await run(db, 'catalog/list-prices', {})) {
    addTo(prices, row.model, rows.read('prices', row))
    if (isListPrice(row)) seeded.add(row.model)
  }
  const aliases = await readAliases(db)
  const models = await run(db, 'catalog/list-models', {})
  const names = new Set(models.map(({ name }) => name))
  const servable = models.map(({ name, ownedBy }) => ({
    name,
    ownedBy,
    isSeeded: seeded.has(name),
  }))
  const served = await readServed(db, servable, environment, rows)
  rows.end()
  return models.map((row) => ({
    ...row,
    enabled: row.enabled === 1,
    prices: prices.get(row.name) ?? [],
    served: served.get(row.name) ?? [],
    // What a model is called by itself is no other name of another one.
    aliases: (aliases.get(row.name) ?? []).filter((alias) => !names.has(alias)),
  }))
}

/** Models by all their names. */
export const byNameOf = <M extends Model>(models: readonly M[]): ReadonlyMap<string, M> =>
  new Map(models.flatMap((model) => [model.name, ...model.aliases].map((name) => [name, model])))

type Found = { fromMs: number; toMs: number; priced: PricedModel | undefined }

/** Each model with the offers it was last found with: put together once, not for every call. */
const found = new WeakMap<Model, Found>()

export function priced(model: Model | undefined, at: Date): PricedModel | undefined {
  if (!model?.enabled) return undefined
  const known = found.get(model)
  const atMs = at.getTime()
  if (known && known.fromMs <= atMs && atMs < known.toMs) return known.priced
  const offers = offersAt(model, at)
  const [first] = offers
  const fresh = first && { ...model, offers, price: first.price, terms: first.terms }
  found.set(model, { ...stretchAround(model, at), priced: fresh })
  return fresh
}

/**
 * The catalogue in memory, as the database had it when it was last refreshed. A call keeps the
 * offers it was let in with, so a change never touches one under way. `onUnread` hears of price rows
 * that cannot be read, which keep nothing but their own models off sale.
 */
export async function createCatalog(
  db: Db,
  environment: readonly EnvironmentUpstream[],
  onUnread?: OnUnread,
): Promise<Catalog> {
  let models: readonly Model[] = []
  let byName: ReadonlyMap<string, Model> = new Map()
  let known: string | null | undefined
  const rows = new PriceRows(onUnread)
  const readIfChanged = async () => {
    // Before the tables: what changes while they are read has another mark the next time.
    const { mark } = await run(db, 'catalog/read-mark', {})
    if (mark === known) return
    models = await readModels(db, environment, rows)
    byName = byNameOf(models)
    known = mark
  }
  let refreshing = Promise.resolve()
  // One after another, or an older reading could come after a newer one and stay.
  const refresh = () => {
    // Who asked for the last one has heard of its failure.
    refreshing = refreshing.then(readIfChanged, readIfChanged)
    return refreshing
  }
  await refresh()
  return {
    find: (name, at) => priced(byName.get(name), at),
    list: (at) => models.flatMap((model) => priced(model, at) ?? []),
    refresh,
  }
}

/** Says in the log which price row cannot be read, and so which model is not sold by it. */
export const sayUnread =
  (log: Log): OnUnread =>
  (row, error) =>
    log.failed('price_unreadable', error, row)

/**
 * Refreshes the catalogue when another process says that it changed. What is not heard, a periodic
 * refresh finds; a database that is away leaves the catalogue as it was, and refuses the calls.
 */
export function hearCatalog(redis: RedisClient, catalog: Catalog, log: Log) {
  redis.subscribe(keyspace.catalogChannel, () => {
    catalog.refresh().catch((error: unknown) => log.failed('catalog_refresh_failed', error))
  })
}
