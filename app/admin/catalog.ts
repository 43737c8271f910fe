import {
  disableAlias,
  insertAlias,
  insertModel,
  insertPrice,
  setEnabled,
  setSaleFactor,
  storedTerms,
  type ModelRow,
  type NewPrice,
} from '../catalog/catalog.server.ts'
import { rollBack, type Pool } from '../db/db.server.ts'
import { formatFactor } from '../values/factors.ts'
import { logAdmin } from './log.ts'

type NewModel = { model: ModelRow; price?: NewPrice; actor: string }

/** Adds a dated price; false where the model has one from that very moment on, which stands. */
export async function addPrice(pool: Pool, price: NewPrice): Promise<boolean> {
  const { model, upstream, effectiveFrom, terms, actor } = price
  const result = await pool.transact(async (db) => {
    if (!(await insertPrice(db, price))) return rollBack('there')
    const detail = { upstream, effective_from: effectiveFrom, terms: storedTerms(terms) }
    await logAdmin(db, { actor, action: 'model price', subject: `model ${model}`, detail })
    return true
  })
  return result === true
}

/** Adds a model, with its first price where it has one; false where there is one of that name. */
export async function addModel(pool: Pool, { model, price, actor }: NewModel): Promise<boolean> {
  const result = await pool.transact(async (db) => {
    if (!(await insertModel(db, model))) return rollBack('there')
    if (price) await insertPrice(db, price)
    const detail = { ...model, terms: price ? storedTerms(price.terms) : null }
    await logAdmin(db, { actor, action: 'model add', subject: `model ${model.name}`, detail })
    return true
  })
  return result === true
}

/** Puts a model on sale or takes it off; false where there is none of that name. */
export async function enableModel(
  pool: Pool,
  { name, enabled, actor }: { name: string; enabled: boolean; actor: string },
): Promise<boolean> {
  const action = enabled ? 'model enable' : 'model disable'
  const result = await pool.transact(async (db) => {
    if (!(await setEnabled(db, name, enabled))) return rollBack('no such model')
    await logAdmin(db, { actor, action, subject: `model ${name}` })
    return true
  })
  return result === true
}

/** Sells a model without a price of its own at so many times its cost; false where there is none. */
export async function sellAtCost(
  pool: Pool,
  { name, factor, actor }: { name: string; factor: number | null; actor: string },
): Promise<boolean> {
  const result = await pool.transact(async (db) => {
    if (!(await setSaleFactor(db, name, factor))) return rollBack('no such model')
    const detail = { sale_factor: factor === null ? null : formatFactor(factor) }
    await logAdmin(db, { actor, action: 'model set', subject: `model ${name}`, detail })
    return true
  })
  return result === true
}

/** Gives a model another name; false where that name has a model already, which keeps it. */
export async function addAlias(
  pool: Pool,
  { alias, model, actor }: { alias: string; model: string; actor: string },
): Promise<boolean> {
  const result = await pool.transact(async (db) => {
    if (!(await insertAlias(db, { alias, model }))) return rollBack('there')
    const act = { actor, action: 'model alias add', subject: `model ${model}` } as const
    await logAdmin(db, { ...act, detail: { alias } })
    return true
  })
  return result === true
}

/** Takes another name of a model back; false where there is none of that name. */
export async function removeAlias(
  pool: Pool,
  { alias, actor }: { alias: string; actor: string },
): Promise<boolean> {
  const result = await pool.transact(async (db) => {
    if (!(await disableAlias(db, alias))) return rollBack('no such alias')
    await logAdmin(db, { actor, action: 'model alias remove', subject: `alias ${alias}` })
    return true
  })
  return result === true
}
