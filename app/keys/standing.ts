import { run, type Db, type Row } from '../db/db.server.ts'
import {
  budgetsOf,
  isGoodSecret,
  isWithin,
  tightestOf,
  type KeyBudget,
} from '../ledger/ledger.server.ts'
import type { Caller } from './authenticate.ts'
import { deniedKey } from './denied-key.ts'

/** A good key and the money behind it as they stand. */
export type Standing = {
  keyId: number
  accountId: number
  /** Whose it is; null for a key that is nobody's. */
  userId: number | null
  /** Whether it has a budget of its own, as what is made to be handed on has. */
  hasBudget: boolean
  /** Lists of the models that it may use, as JSON; null for all. */
  models: string | null
  groupModels: string | null
  availableNanos: number
  /** Every budget that its calls must fit, and the tightest of them. */
  budgets: KeyBudget[]
  budget: KeyBudget | null
}

const boundsOf = (row: Row<'keys/read-standing'>) => ({
  ...row,
  periodBeganMs: row.periodBegan?.getTime() ?? null,
  periodEndsMs: row.periodEnds?.getTime() ?? null,
  periodBaseNanos: row.periodBaseNanos ?? 0,
  member:
    row.userId === null || row.capNanos === null
      ? null
      : {
          accountId: row.accountId,
          userId: row.userId,
          capNanos: row.capNanos,
          endsMs: row.capEnds?.getTime() ?? null,
          spentNanos: row.memberSpentNanos ?? 0,
          // Of a month that is over nothing counts any more.
          baseNanos: row.capBaseNanos ?? row.memberSpentNanos ?? 0,
          heldNanos: row.memberHeldNanos ?? 0,
        },
})

/**
 * What a caller may do, read from the database each time, for answers that start no call. Undefined
 * where the key is none any more; throws `Refused` where it may not be used now, or from there.
 */
export async function readStanding(
  db: Db,
  { keyId: id, secretNo }: Caller,
  address: string,
): Promise<Standing | undefined> {
  const row = await run(db, 'keys/read-standing', { id })
  if (!row || !isGoodSecret(row, secretNo)) return undefined
  if (row.disabled) throw deniedKey('key', { address })
  if (row.addresses !== null && !isWithin(row.addresses, address))
    throw deniedKey('address', { address })
  const { keyId, accountId, userId, models, groupModels } = row
  // Neither sum is ever null, which a prepared statement does not know.
  const availableNanos = row.availableNanos!
  const bounds = boundsOf(row)
  return {
    keyId,
    accountId,
    userId,
    hasBudget: row.budgetNanos !== null || row.periodBudgetNanos !== null,
    models,
    groupModels,
    availableNanos,
    budgets: budgetsOf(bounds),
    budget: tightestOf(bounds),
  }
}
