import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import type { LimitScope } from '../values/rates/limit-scopes.ts'
import { firstOf, type Figures } from './rule.ts'

const names = ['requests', 'tokens', 'calls', 'burstSeconds'] as const
/** What a figure is where nothing says one; 0 says so too. */
const noLimit = { requests: Infinity, tokens: Infinity, calls: Infinity } as const
const inForce = (figures: Figures, name: (typeof names)[number]) =>
  figures[name] || (name === 'burstSeconds' ? limits.rates.burstSecondsUsual : noLimit[name])

type InPlaceOf = { fromId: number; toId: number; keepsGroup: boolean }

/**
 * Holds a new account by what another one is held by, where that is less than everybody may; never
 * by more. Answers the limit of its own that it needs for that, null where it needs none, and `too
 * many` where the table of limits is full.
 */
export async function limitNoBetter(
  db: Db,
  { fromId, toId, keepsGroup }: InPlaceOf,
): Promise<Figures | null | 'too many'> {
  const rows = await run(db, 'rates/list-of-account', {
    accountId: fromId,
    account: String(fromId),
    key: '',
    // One each: those of the account, of everyone and of a group stand before those of models.
    rows: 3,
  })
  const of = (scope: LimitScope) => rows.find(({ limitScope }) => limitScope === scope)
  const plain = firstOf([of('everyone')])
  const was = firstOf([of('account'), of('group'), of('everyone')])
  const given = firstOf([keepsGroup ? of('group') : undefined, of('everyone')])
  const own: Figures = { requests: null, tokens: null, calls: null, burstSeconds: null }
  for (const name of names) {
    const least = Math.min(inForce(was, name), inForce(plain, name))
    if (least !== inForce(given, name)) own[name] = least === Infinity ? 0 : least
  }
  if (names.every((name) => own[name] === null)) return null
  await run(db, 'rates/put', { limitScope: 'account', subject: String(toId), ...own })
  const { limits: count } = await run(db, 'rates/count', {})
  return Number(count) > limits.rates.rowsMax ? 'too many' : own
}
