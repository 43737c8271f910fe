import type { FactorRefusal } from '../../accounts/accounts.server.ts'
import { limits } from '../../config/limits.ts'
import { formatFactor } from '../../values/factors.ts'
import type { Arguments } from '../arguments.ts'
import { noSuchAccount, refused, type VerbResult } from '../verb-result.ts'

const { groupMembersMax, groupsMax, groupNameCharsMax } = limits.accounts

export const times = (points: number) => `pays ${formatFactor(points)} times the price`

/** A group by its name, which is not `none`. */
export const groupOf = (args: Arguments, operand: string) =>
  args.text(operand, '', {
    charsMax: groupNameCharsMax,
    form: /^(?!none$)[a-z0-9][a-z0-9._-]*$/,
    wants: `small letters, digits and . _ -, at most ${groupNameCharsMax}`,
  })

const noSuchGroup = (name: string) => refused('no_such_group', `There is no group ${name}.`)

/** Why a factor or a group stays as it is, in words. */
export function refusedFor(why: FactorRefusal, accountId: number, group: string): VerbResult {
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
