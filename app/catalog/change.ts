import { run, type Db, type Params } from '../db/db.server.ts'
import { storedTerms, type Terms } from './terms.ts'

export type ModelRow = Params<'catalog/insert-model'>
export type NewPrice = { model: string; effectiveFrom: Date; terms: Terms; actor: string }

/** Adds a model; false where there is one of that name, which stands. */
export const insertModel = async (db: Db, model: ModelRow): Promise<boolean> =>
  (await run(db, 'catalog/insert-model', model)) === 1

/** Adds a dated price; false where the model has one from that very moment on, which stands. */
export const insertPrice = async (db: Db, { terms, ...row }: NewPrice): Promise<boolean> =>
  (await run(db, 'catalog/insert-price', { ...row, terms: JSON.stringify(storedTerms(terms)) })) ===
  1

/** Puts a model on sale or takes it off; false where there is none of that name. */
export const setEnabled = async (db: Db, name: string, enabled: boolean): Promise<boolean> =>
  (await run(db, 'catalog/set-enabled', { name, enabled: Number(enabled) })) > 0

/** Sells a model at a factor of what it costs; false where it has one already, which stands. */
export const sellByFactor = async (db: Db, name: string, factor: number): Promise<boolean> =>
  (await run(db, 'catalog/sell-by-factor', { name, factor })) > 0
