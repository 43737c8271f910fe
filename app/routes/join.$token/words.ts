import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'
import type { InvitationState } from '../../values/teams/invitation-states.ts'

export type Closed = Exclude<InvitationState, 'open'>

export const closedWords = {
  used: msg`This invitation was used before. Each lets one person in: ask for another one.`,
  revoked: msg`This invitation was taken back. Ask whoever sent it.`,
  expired: msg`This invitation has expired. Ask for another one.`,
} satisfies Record<Closed, MessageDescriptor>

/** Why an invitation lets nobody in, for who is not signed in: they may be the one who has used it. */
export const closedToStrangers = {
  ...closedWords,
  used: msg`This invitation was used before. Each lets one person in: ask for another one. If it was you, sign in.`,
} satisfies Record<Closed, MessageDescriptor>

/** Why somebody was not let in, in words; undefined where there is nothing to be let into. */
export function notJoined(why: string): MessageDescriptor | undefined {
  switch (why) {
    case 'invitation used':
      return closedWords.used
    case 'invitation revoked':
      return closedWords.revoked
    case 'invitation expired':
      return closedWords.expired
    case 'too many people':
      return msg`The account has as many people as it may have. Ask an owner of it.`
    case 'too many accounts':
      return msg`You are in as many accounts as one may be. Leave one first.`
    default:
      return undefined
  }
}
