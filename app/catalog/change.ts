import { run, type Db, type Params } from '../db/db.server.ts'
import { storedTerms, type Terms } from './terms.ts'

export type ModelRow = Params<'catalog/insert-model'>
export type NewPrice = {
  model: string
  /** Whose price it is, where it is what an upstream charges; absent for what customers pay. */
  upstream?: string | undefined
  effectiveFrom: Date
  terms: Terms
  actor: string
  /** See `storedTerms`. */
  forAll?: true
}

/** Adds a model; false where there is one of that name, which stands. */
export const insertModel = async (db: Db, model: ModelRow): Promise<boolean> =>
  (await run(db, 'catalog/insert-model', model)) === 1

/** Adds a dated price; false where the model has one from that very moment on, which stands. */
export async function insertPrice(
  db: Db,
  { model, upstream, effectiveFrom, terms, actor, forAll }: NewPrice,
): Promise<boolean> {
  const row = { model, effectiveFrom, terms: JSON.stringify(storedTerms(terms, forAll)), actor }
  if (upstream === undefined) return (await run(db, 'catalog/insert-price', row)) === 1
  const scope = `upstream:${upstream}`
  return (await run(db, 'catalog/insert-cost-price', { ...row, scope, source: 'typed' })) === 1
}

/** What a model without a price of its own is sold at: basis points of its cost; null for not at all. */
export const setSaleFactor = async (
  db: Db,
  name: string,
  factor: number | null,
): Promise<boolean> => (await run(db, 'catalog/set-sale-factor', { name, factor })) > 0

/** Puts a model on sale or takes it off; false where there is none of that name. */
export const setEnabled = async (db: Db, name: string, enabled: boolean): Promise<boolean> =>
  (await run(db, 'catalog/set-enabled', { name, enabled: Number(enabled) })) > 0

/** Sells a model at a factor of what it costs; false where it has one already, which stands. */
export const sellByFactor = async (db: Db, name: string, factor: number): Promise<boolean> =>
  (await run(db, 'catalog/sell-by-factor', { name, factor })) > 0
