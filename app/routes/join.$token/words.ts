import type { InvitationState } from '../../values/teams/invitation-states.ts'

export type Closed = Exclude<InvitationState, 'open'>

export const closedWords = {
  used: 'This invitation was used before. Each lets one person in: ask for another one.',
  revoked: 'This invitation was taken back. Ask whoever sent it.',
  expired: 'This invitation has expired. Ask for another one.',
} satisfies Record<Closed, string>

const title = 'You have not joined'

/** Why somebody was not let in, in words; undefined where there is nothing to be let into. */
export function notJoined(why: string): { title: string; text: string } | undefined {
  switch (why) {
    case 'invitation used':
      return { title, text: closedWords.used }
    case 'invitation revoked':
      return { title, text: closedWords.revoked }
    case 'invitation expired':
      return { title, text: closedWords.expired }
    case 'too many people':
      return { title, text: 'The account has as many people as it may have. Ask an owner of it.' }
    case 'too many accounts':
      return { title, text: 'You are in as many accounts as one may be. Leave one first.' }
    default:
      return undefined
  }
}
