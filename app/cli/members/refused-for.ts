import type { TeamRefusal } from '../../teams/teams.server.ts'
import { noSuchAccount, refused, type VerbResult } from '../verb-result.ts'

/** Why somebody's place in an account was not changed, in words for an operator. */
export function refusedFor(why: TeamRefusal, accountId: number, userId: number): VerbResult {
  const who = `User ${userId}`
  const where = `account ${accountId}`
  switch (why) {
    case 'no such account':
      return noSuchAccount(accountId)
    case 'no such person':
      return refused('no_such_user', `There is no user ${userId}; "account show" names them.`)
    case 'already a member':
      return refused('already_member', `${who} is in ${where} already; use "member role".`)
    case 'last owner':
      return refused('last_owner', `${who} is the last owner of ${where}. Make another one first.`)
    case 'too many people':
      return refused('too_many_people', `There are as many people in ${where} as there may be.`)
    case 'too many accounts':
      return refused('too_many_accounts', `${who} is in as many accounts as one may be.`)
    case 'no room':
      return refused(
        'no_room',
        `${who} would get an account in the group of ${where}, or with its limit; there is no room.`,
      )
    case 'too many homes':
      return refused('too_many_homes', `${who} has left as many accounts of their own as one may.`)
    case 'no such member':
    // Of the rest an operator is told nothing: invitations are people's, and operators may all.
    case 'not allowed':
    case 'no such invitation':
    case 'invitation used':
    case 'invitation revoked':
    case 'invitation expired':
      return refused('no_such_member', `${who} is not in ${where}.`)
  }
}
