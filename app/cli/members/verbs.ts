import {
  addMember,
  listPeople,
  readMember,
  removeMember,
  setMember,
} from '../../teams/teams.server.ts'
import { readAccount } from '../../accounts/accounts.server.ts'
import { limits } from '../../config/limits.ts'
import { formatUsdShort } from '../../values/money.ts'
import { roles } from '../../values/teams/roles.ts'
import { done, money, noSuchAccount, table, timeText, type VerbResult } from '../verb-result.ts'
import { whenRevocationIsKnown } from '../keys/key-verbs.ts'
import type { Context } from '../context.ts'
import type { Verb } from '../verb.ts'
import { refusedFor } from './refused-for.ts'

const list: Verb = {
  usage: 'member list <account>',
  does: `The people of an account, at most ${limits.teams.peopleMax}, as they came`,
  isReading: true,
  prepare(args) {
    const accountId = args.whole('account', 0)
    return async ({ pool }) => {
      if (!(await readAccount(pool, accountId))) return noSuchAccount(accountId)
      const people = await listPeople(pool, accountId)
      const rows = people.map((it) => [
        it.userId,
        it.name,
        it.email,
        it.role,
        it.capNanos === null ? 'none' : formatUsdShort(it.capNanos),
        it.usableKeys,
        timeText(it.joinedAt),
      ])
      const document = {
        account_id: accountId,
        members: people.map((it) => ({
          user_id: it.userId,
          name: it.name,
          email: it.email,
          role: it.role,
          ...money('cap', it.capNanos),
          usable_keys: it.usableKeys,
          joined_at: timeText(it.joinedAt),
        })),
      }
      const heads = ['user', 'name', 'e-mail', 'role', 'cap a month', 'keys', 'since']
      return done(document, table(heads, rows))
    }
  },
}

const add: Verb = {
  usage: 'member add <account> <user> [--role ROLE] [--cap USD]',
  does: `Put somebody who has signed in before into an account; ROLE is one of ${roles.join(', ')}`,
  prepare(args) {
    const accountId = args.whole('account', 0)
    const userId = args.whole('user', 0)
    const role = args.word('role', 'member', roles)
    const capNanos = args.usd('cap', null, 1)
    return async ({ pool, actor }) => {
      const by = { userId: null, actor }
      const added = await addMember(pool, { accountId, userId, by, role, capNanos })
      if (added !== 'added') return refusedFor(added, accountId, userId)
      const document = { account_id: accountId, user_id: userId, role, ...money('cap', capNanos) }
      return done(document, `User ${userId} is ${role} of account ${accountId} now.`)
    }
  },
}

/** Streams of keys that were revoked end; says when. */
async function announced(context: Context, keyIds: number[]) {
  const isKnown = keyIds.length === 0 || (await context.announceRevocations(keyIds))
  const count = keyIds.length === 1 ? 'One key is' : `${keyIds.length} keys are`
  const words = keyIds.length ? ` ${count} revoked. ${whenRevocationIsKnown(isKnown)}` : ''
  return { document: { revoked_keys: keyIds, announced: isKnown }, words }
}

async function change(
  context: Context,
  named: { accountId: number; userId: number },
  to: { role?: (typeof roles)[number]; capNanos?: number | null },
): Promise<VerbResult> {
  const { accountId, userId } = named
  const { pool, actor } = context
  const member = await readMember(pool, accountId, userId)
  const { role = member?.role ?? 'member', capNanos = member?.capNanos ?? null } = to
  const by = { userId: null, actor }
  const set = await setMember(pool, { ...named, by, role, capNanos })
  if (typeof set === 'string') return refusedFor(set, accountId, userId)
  if (to.capNanos !== undefined) await context.announceMoney(accountId)
  const { document, words } = await announced(context, set.revokedKeys)
  const capText = capNanos === null ? 'no cap' : `a cap of ${formatUsdShort(capNanos)} a month`
  const changed = set.state === 'set'
  const known = { account_id: accountId, user_id: userId, role, ...money('cap', capNanos), changed }
  const is = changed ? 'is now' : 'was already'
  const text = `User ${userId} ${is} ${role} of account ${accountId}, with ${capText}.${words}`
  return done({ ...known, ...document }, text)
}

const setRole: Verb = {
  usage: 'member role <account> <user> <role>',
  does: `Make somebody another thing in an account: ${roles.join(', ')}`,
  prepare(args) {
    const named = { accountId: args.whole('account', 0), userId: args.whole('user', 0) }
    const role = args.word('role', 'member', roles)
    return (context) => change(context, named, { role })
  },
}

const setCap: Verb = {
  usage: 'member cap <account> <user> [--cap USD]',
  does: 'The most that the keys of somebody may spend in a month; without --cap, no cap',
  prepare(args) {
    const named = { accountId: args.whole('account', 0), userId: args.whole('user', 0) }
    const capNanos = args.usd('cap', null, 1)
    return (context) => change(context, named, { capNanos })
  },
}

const remove: Verb = {
  usage: 'member remove <account> <user>',
  does: 'Take somebody out of an account; their keys of it end, and the streams they have under way',
  prepare(args) {
    const accountId = args.whole('account', 0)
    const userId = args.whole('user', 0)
    return async (context) => {
      const by = { userId: null, actor: context.actor }
      const removed = await removeMember(context.pool, { accountId, userId, by })
      if (typeof removed === 'string') return refusedFor(removed, accountId, userId)
      const { document, words } = await announced(context, removed.revokedKeys)
      const text = `User ${userId} is not in account ${accountId} any more.${words}`
      return done({ account_id: accountId, user_id: userId, removed: true, ...document }, text)
    }
  },
}

export const memberVerbs = [list, add, setRole, setCap, remove]
