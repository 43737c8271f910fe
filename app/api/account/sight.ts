import { readRole } from '../../account-log/account-log.server.ts'
import type { Db } from '../../db/db.server.ts'
import { Refused } from '../../errors/refusal.ts'
import type { ApiRequest } from '../../http/http.server.ts'
import type { Standing } from '../../keys/keys.server.ts'
import { leftOf, type KeyBudget } from '../../ledger/ledger.server.ts'
import type { Services } from '../../services.ts'
import { may, type Right } from '../../values/teams/roles.ts'
import { requireKey, type KeyContext } from '../require-key.ts'

/** What a key may see of its account. */
export type Sight = {
  accountId: number
  /** The key that asks. */
  ownId: number
  /** What new calls of the account can hold; for those keys alone that see money. */
  availableNanos: number
  /** The budgets that it may know of, and the one of them with the least left. */
  budgets: KeyBudget[]
  budget: KeyBudget | null
  /** Calls of this key alone, and of this person's keys; both null for all of the account's. */
  keyId: number | null
  userId: number | null
  seesMoney: boolean
  /** What was left of a budget when a call did not fit it: it may have been its person's cap. */
  seesCap: boolean
}

/** What somebody may see; whoever owns the account, where it is nobody. */
async function rightsOf(db: Db, accountId: number, userId: number | null) {
  const role = userId === null ? 'owner' : await readRole(db, { accountId, userId })
  return (right: Right) => role !== undefined && may(role, right)
}

/**
 * A key sees what its person sees on the pages, and one that is nobody's what an owner does. Where it
 * has a budget of its own it was made to be handed on: it sees itself, and nothing beside it. Every
 * endpoint that tells of an account goes by this.
 */
async function sightOf(standing: Standing, { db }: Services): Promise<Sight> {
  const { accountId, keyId, userId, hasBudget: isHandedOn } = standing
  const sees = isHandedOn ? () => false : await rightsOf(db, accountId, userId)
  // Of a member's cap their other keys have used a part.
  const budgets = standing.budgets.filter(({ isMembers }) => !(isHandedOn && isMembers))
  const [budget = null] = budgets.toSorted((a, b) => leftOf(a) - leftOf(b))
  return {
    accountId,
    ownId: keyId,
    availableNanos: standing.availableNanos,
    budgets,
    budget,
    keyId: isHandedOn ? keyId : null,
    userId: sees('see-usage-of-all') ? null : userId,
    seesMoney: sees('see-money'),
    seesCap: !isHandedOn || userId === null,
  }
}

/**
 * Answers what a key asks of its own account, in the account's turn: such questions are no calls, so
 * that no limit on those bounds them. Throws `Refused` for a key that is none, and where too many
 * questions wait.
 */
export async function inSight<T>(
  request: ApiRequest,
  context: KeyContext,
  work: (sight: Sight) => Promise<T>,
): Promise<T> {
  const { services } = context
  const standing = await requireKey(request, context)
  const leave = await services.reads.take(standing.accountId)
  if (!leave) {
    const message = 'Too many questions of this account wait for an answer. Ask again in a moment.'
    throw new Refused('rate_limit_exceeded', { message })
  }
  try {
    return await work(await sightOf(standing, services))
  } finally {
    leave()
  }
}
