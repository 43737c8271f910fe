import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { limitNoBetter } from '../rates/rates.server.ts'
import { plainFactor } from '../values/factors.ts'
import { membersOf, writeLock, type Groups } from './factors.ts'

type Paying = { factor: number; ownFactor: number | null; group: string | null }

/**
 * What a new account pays in place of another one: no discount, and nothing less than that did. Of
 * a group it stays in one that is dearer, or may not call all models.
 */
async function payingInPlaceOf(db: Db, fromId: number, groups: Groups): Promise<Paying> {
  const was = await run(db, 'accounts/read-factor', { id: fromId })
  const name = was?.groupName ?? null
  const ofGroup = (name === null ? undefined : groups.get(name)) ?? plainFactor
  const models =
    name === null ? null : (await run(db, 'accounts/read-group-models', { name }))?.models
  const group = ofGroup > plainFactor || models ? name : null
  const factor = Math.max(was?.factor ?? plainFactor, plainFactor)
  // What follows from the group, or is everybody's, is nothing of its own.
  const isOwn =
    group === null ? factor !== plainFactor : was?.ownFactor !== null || ofGroup < factor
  return { factor, ownFactor: isOwn ? factor : null, group }
}

type InPlaceOf = { name: string; fromId: number; isSuspended: boolean }
type Made = { id: number } & Paying & { limits: object | null }

/**
 * Makes an account, without people and without money, in place of another one that somebody leaves.
 * It stands with whoever runs this relay no better than every new account does, and no better than
 * that one: suspended where that is, at no discount, in its group and at its factor where they are
 * dearer, held by its limits where they are lower. So nobody has by leaving more of anything. The
 * caller has locked the groups and then the other account, in this order (`lockGroups`), so that a
 * group that is changed at the same moment is changed for both. `no room` where the group or the
 * table of limits is full.
 */
export async function insertNoBetter(
  db: Db,
  { name, fromId, isSuspended }: InPlaceOf,
  groups: Groups,
): Promise<Made | 'no room'> {
  const paying = await payingInPlaceOf(db, fromId, groups)
  const { group } = paying
  if (group !== null) {
    const { length } = await membersOf(db, group)
    if (length >= limits.accounts.groupMembersMax) return 'no room'
    await writeLock(db, group, groups)
  }
  const id = await run(db, 'accounts/insert-like', {
    name,
    fromId,
    isSuspended: Number(isSuspended),
    factor: paying.factor,
    ownFactor: paying.ownFactor,
    groupName: group,
  })
  const limited = await limitNoBetter(db, { fromId, toId: id, keepsGroup: group !== null })
  return limited === 'too many' ? 'no room' : { id, ...paying, limits: limited }
}
