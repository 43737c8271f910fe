import { changeAccount } from '../account-log/account-log.server.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import type { AccountAction } from '../values/teams/account-actions.ts'
import { may } from '../values/teams/roles.ts'
import { versionOf, type ApiKey, type NewKey } from './keys.ts'
import { digestOf, newSecret } from './secret.ts'

/** Whose key it is that somebody changes; `userId` is null for whoever runs this relay. */
type Which = { accountId: number; keyId: number; userId: number | null }

type Act = { action: AccountAction; detail?: object }

/**
 * Does something to a key under its account's lock, which every reservation takes before it reads
 * the key: once this has resolved, all go by it. What `work` answers says why nothing was done.
 * Throws `NoLongerAllowed` where somebody may have no keys in the account any more.
 */
async function change<Why extends string>(
  pool: Pool,
  { accountId, keyId, userId }: Which,
  { action, detail = {} }: Act,
  work: (db: Db, key: ApiKey, isManager: boolean) => Promise<Why | undefined>,
): Promise<Why | 'gone' | undefined> {
  const author = { accountId, userId }
  const result = await changeAccount(pool, author, action, async ({ db, role, note }) => {
    const key = await run(db, 'keys/read', { accountId, id: keyId })
    const isManager = userId === null || (role !== null && may(role, 'manage-all-keys'))
    // To whoever may not touch it any more it is as if it were not there.
    if (!key || !(isManager || key.userId === userId)) return rollBack('gone')
    const why = await work(db, key, isManager)
    if (why !== undefined) return rollBack(why)
    await note(`key ${keyId}`, detail)
    return true
  })
  if (!isRolledBack(result)) return undefined
  return result.rolledBack === 'no such account' ? 'gone' : (result.rolledBack as Why | 'gone')
}

/**
 * Changes a key; every reservation after this has resolved goes by the new fields. `stale` where
 * somebody else has changed it since `version` was read: nothing is then overwritten.
 */
export async function changeKey(
  pool: Pool,
  which: Which,
  version: string,
  fields: Required<NewKey>,
): Promise<'changed' | 'stale' | 'gone'> {
  const { accountId, keyId: id } = which
  const detail = { ...fields }
  const why = await change(pool, which, { action: 'key change', detail }, async (db, key) => {
    if (key.revokedAt) return 'gone'
    if (versionOf(key) !== version) return 'stale'
    await run(db, 'keys/change', {
      ...fields,
      accountId,
      id,
      models: fields.models ? JSON.stringify(fields.models) : null,
      addresses: fields.addresses ? JSON.stringify(fields.addresses) : null,
      responsesAtChat: Number(fields.responsesAtChat),
    })
    return undefined
  })
  return why ?? 'changed'
}

/**
 * Revokes a key: once this has resolved, no call of it starts anywhere, whichever of its secrets it
 * comes with. False where there is no such key, or it was revoked before.
 */
export async function revokeKey(
  pool: Pool,
  accountId: number,
  id: number,
  userId: number | null = null,
): Promise<boolean> {
  const which = { accountId, keyId: id, userId }
  const why = await change(pool, which, { action: 'key revoke' }, async (db) =>
    (await run(db, 'keys/revoke', { id, accountId })) === 1 ? undefined : 'no such key',
  )
  return why === undefined
}

/**
 * Has a key start no call until it is enabled again. What somebody else has disabled its person
 * does not enable, unless they decide over the keys of others: `not theirs`.
 */
export async function setDisabled(
  pool: Pool,
  which: Which,
  isDisabled: boolean,
): Promise<'set' | 'unchanged' | 'not theirs' | 'gone'> {
  const of = { id: which.keyId, accountId: which.accountId }
  const by = which.userId
  const action = isDisabled ? 'key disable' : 'key enable'
  const why = await change(pool, which, { action }, async (db, key, isManager) => {
    if (!isDisabled && key.disabledAt && !isManager && key.disabledBy !== by) return 'not theirs'
    const changed = isDisabled
      ? run(db, 'keys/disable', { ...of, by, isManager: Number(isManager) })
      : run(db, 'keys/enable', of)
    return (await changed) === 1 ? undefined : 'unchanged'
  })
  return why ?? 'set'
}

/**
 * Gives a key a new secret, which is in the answer and nowhere else. The one it had works for so
 * many hours more, one that was replaced before no more. Undefined where there is no such key, and
 * for that of a playground: nobody has its secret.
 */
export async function rotateKey(
  pool: Pool,
  which: Which,
  hours: number,
): Promise<string | undefined> {
  const { accountId, keyId: id } = which
  const secret = newSecret()
  const shown = { digest: digestOf(secret), prefix: secret.slice(0, 7), lastFour: secret.slice(-4) }
  const detail = { hours }
  const why = await change(pool, which, { action: 'key rotate', detail }, async (db, key) => {
    if (key.isPlayground) return 'gone'
    const rotated = await run(db, 'keys/rotate', { id, accountId, hours, ...shown })
    return rotated === 1 ? undefined : 'gone'
  })
  return why === undefined ? secret : undefined
}
