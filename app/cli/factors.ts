import {
  listGroups,
  removeGroup,
  setAccountFactor,
  setAccountGroup,
  setGroup,
  type FactorRefusal,
} from '../accounts/accounts.server.ts'
import { limits } from '../config/limits.ts'
import { formatFactor } from '../values/factors.ts'
import type { Arguments } from './arguments.ts'
import { done, noSuchAccount, refused, table, timeText, type VerbResult } from './verb-result.ts'
import type { Verb } from './verb.ts'

const { groupMembersMax, groupsMax, groupNameCharsMax } = limits.accounts

/** A group by its name, which is not `none`. */
const groupOf = (args: Arguments, operand: string) =>
  args.text(operand, '', {
    charsMax: groupNameCharsMax,
    form: /^(?!none$)[a-z0-9][a-z0-9._-]*$/,
    wants: `small letters, digits and . _ -, at most ${groupNameCharsMax}`,
  })

const noSuchGroup = (name: string) => refused('no_such_group', `There is no group ${name}.`)

function refusedFor(why: FactorRefusal, accountId: number, group: string): VerbResult {
  switch (why) {
    case 'no such account':
      return noSuchAccount(accountId)
    case 'no such group':
      return noSuchGroup(group)
    case 'group has members':
      return refused(
        'group_has_members',
        `There are accounts in ${group}; take them out first: account group ID none.`,
      )
    case 'too many members':
      return refused('over_the_limit', `A group has no more than ${groupMembersMax} accounts.`)
    case 'too many groups':
      return refused('over_the_limit', `There are no more than ${groupsMax} groups.`)
  }
}

const times = (points: number) => `pays ${formatFactor(points)} times the price`

const accountFactor: Verb = {
  usage: 'account factor <account> <factor>',
  does: 'Have it pay so many times the price, e.g. 0.9, whatever its group does; none ends that',
  prepare(args) {
    const accountId = args.whole('account', 0)
    const factor = args.factorOrNone('factor', null)
    return async ({ pool, actor }) => {
      const set = await setAccountFactor(pool, { accountId, factor, actor })
      if (set.state === 'refused') return refusedFor(set.why, accountId, '')
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
    return async ({ pool, actor }) => {
      const set = await setAccountGroup(pool, { accountId, group, actor })
      if (set.state === 'refused') return refusedFor(set.why, accountId, group ?? '')
      const document = { id: accountId, group, factor: formatFactor(set.factor) }
      const is = set.state === 'set' ? 'is now' : 'was already'
      const where = group === null ? 'in no group' : `in group ${group}`
      const words = `Account ${accountId} ${is} ${where} and ${times(set.factor)}.`
      return done({ ...document, changed: set.state === 'set' }, words)
    }
  },
}

const list: Verb = {
  usage: 'group list',
  does: 'Groups of accounts, and how many times the price they pay',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const groups = await listGroups(pool)
      const rows = groups.map(({ name, factor, members, createdAt }) => [
        name,
        formatFactor(factor),
        members,
        timeText(createdAt),
      ])
      const document = groups.map(({ name, factor, members, createdAt }) => ({
        name,
        factor: formatFactor(factor),
        members,
        created_at: timeText(createdAt),
      }))
      const text = table(['group', 'factor', 'accounts', 'created'], rows)
      return done({ groups: document }, text)
    },
}

const set: Verb = {
  usage: 'group set <group> <factor>',
  does: 'Make a group, or change how many times the price its accounts pay',
  prepare(args) {
    const name = groupOf(args, 'group')
    const factor = args.factor('factor', 0)
    return async ({ pool, actor }) => {
      const result = await setGroup(pool, { name, factor, actor })
      if (result.state === 'refused') return refusedFor(result.why, 0, name)
      const { state, members } = result
      const document = { name, factor: formatFactor(factor), members, changed: state === 'set' }
      const whoever = members === 1 ? 'Its one account' : `Its ${members} accounts`
      const is = state === 'set' ? 'From now on' : 'As before,'
      const who = `${is} group ${name} ${times(factor)}.`
      const own = `${whoever} did so at once, but for those that have a factor of their own.`
      return done(document, state === 'set' && members > 0 ? `${who} ${own}` : who)
    }
  },
}

const remove: Verb = {
  usage: 'group remove <group>',
  does: 'Remove a group that no account is in',
  prepare(args) {
    const name = groupOf(args, 'group')
    return async ({ pool, actor }) => {
      const result = await removeGroup(pool, { name, actor })
      if (result !== 'removed') return refusedFor(result, 0, name)
      return done({ name, removed: true }, `There is no group ${name} any more.`)
    }
  },
}

export const factorVerbs = [accountFactor, accountGroup, list, set, remove]
