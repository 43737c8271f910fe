import { setAccountFactor, setAccountGroup } from '../../accounts/accounts.server.ts'
import { formatFactor } from '../../values/factors.ts'
import { done } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { groupOf, refusedFor, times } from './group-names.ts'

const accountFactor: Verb = {
  usage: 'account factor <account> <factor>',
  does: 'Have it pay so many times the price, e.g. 0.9, whatever its group does; none ends that',
  prepare(args) {
    const accountId = args.whole('account', 0)
    const factor = args.factorOrNone('factor', null)
    return async ({ pool, actor, announceMoney }) => {
      const set = await setAccountFactor(pool, { accountId, factor, actor })
      if (set.state === 'refused') return refusedFor(set.why, accountId, '')
      if (set.state === 'set') await announceMoney(accountId)
      const document = { id: accountId, factor: formatFactor(set.factor) }
      const became = set.state === 'set' ? 'From now on' : 'As before,'
      const words = `${became} account ${accountId} ${times(set.factor)}. Calls under way keep theirs.`
      return done({ ...document, changed: set.state === 'set' }, words)
    }
  },
}

const accountGroup: Verb = {
  usage: 'account group <account> <group>',
  does: 'Put it into a group, in place of any other; none takes it out',
  prepare(args) {
    const accountId = args.whole('account', 0)
    const isNone = args.all('group')[0] === 'none'
    const group = isNone ? null : groupOf(args, 'group')
    return async ({ pool, actor, announceMoney, announceLimits }) => {
      const set = await setAccountGroup(pool, { accountId, group, actor })
      if (set.state === 'refused') return refusedFor(set.why, accountId, group ?? '')
      // A group may have limits of its own.
      if (set.state === 'set') await Promise.all([announceMoney(accountId), announceLimits()])
      const document = { id: accountId, group, factor: formatFactor(set.factor) }
      const is = set.state === 'set' ? 'is now' : 'was already'
      const where = group === null ? 'in no group' : `in group ${group}`
      const words = `Account ${accountId} ${is} ${where} and ${times(set.factor)}.`
      return done({ ...document, changed: set.state === 'set' }, words)
    }
  },
}

export const accountFactorVerbs = [accountFactor, accountGroup]
