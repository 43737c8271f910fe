import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import type { LimitScope } from '../values/rates/limit-scopes.ts'
import { firstOf, type Figures } from './rule.ts'

/** What holds for calls, as it is told to those whom it holds for; null of a figure is no limit. */
type HeldLimits = {
  account: Figures
  key: Figures
  /** Of each model that has a limit: what the account may ask of it. */
  models: { model: string; figures: Figures }[]
}

/** A limit of 0 is none, whatever wider ones say. */
const shown = ({ requests, tokens, calls, burstSeconds }: Figures): Figures => ({
  requests: requests || null,
  tokens: tokens || null,
  calls: calls || null,
  burstSeconds,
})
const saysSomething = ({ requests, tokens, calls }: Figures) => Boolean(requests ?? tokens ?? calls)

/**
 * The limits that hold for an account (its own, else its group's, else everyone's), for each model
 * of it, and for one of its keys; as they stand in the database, which relays go by within seconds.
 */
export async function readHeldLimits(
  db: Db,
  { accountId, keyId = null }: { accountId: number; keyId?: number | null },
): Promise<HeldLimits> {
  const rows = await run(db, 'rates/list-of-account', {
    accountId,
    account: String(accountId),
    key: keyId === null ? '' : String(keyId),
    // One of each other scope, which come first.
    rows: limits.rates.modelsShownMax + 4,
  })
  const of = (scope: LimitScope) => rows.find(({ limitScope }) => limitScope === scope)
  return {
    account: shown(firstOf([of('account'), of('group'), of('everyone')])),
    key: shown(firstOf([of('key')])),
    models: rows
      .filter(({ limitScope }) => limitScope === 'model')
      .map(({ subject, ...figures }) => ({ model: subject, figures: shown(figures) }))
      .filter(({ figures }) => saysSomething(figures)),
  }
}
