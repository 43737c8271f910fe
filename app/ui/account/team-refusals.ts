import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'

/** Why nothing of an account's people was changed, in words, by the codes of the rooms. */
const refusals: Record<string, MessageDescriptor> = {
  'no such account': msg`This account is gone.`,
  'no such person': msg`There is nobody like that.`,
  'no such member': msg`They are not in this account any more.`,
  'already a member': msg`They are in this account already.`,
  'not allowed': msg`Your role does not include this. Of owners only an owner decides.`,
  'last owner': msg`An account has an owner. Make somebody else an owner first.`,
  'too many people': msg`This account has as many people and open invitations as it may have.`,
  'too many accounts': msg`They are in as many accounts as one may be.`,
  'too many homes': msg`Too many accounts that were made for this person have been left. Whoever runs this relay can take them out.`,
  'no room': msg`Their own account would be in this one’s group, which is full. Ask whoever runs this relay.`,
  'no such invitation': msg`That invitation is not open any more.`,
}

export const refusalText = (why: string): MessageDescriptor =>
  refusals[why] ?? msg`That cannot be done.`
