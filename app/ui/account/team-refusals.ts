/** Why nothing of an account's people was changed, in words, by the codes of the rooms. */
const refusals: Record<string, string> = {
  'no such account': 'This account is gone.',
  'no such person': 'There is nobody like that.',
  'no such member': 'They are not in this account any more.',
  'already a member': 'They are in this account already.',
  'not allowed': 'Your role does not include this. Of owners only an owner decides.',
  'last owner': 'An account has an owner. Make somebody else an owner first.',
  'too many people': 'This account has as many people and open invitations as it may have.',
  'too many accounts': 'They are in as many accounts as one may be.',
  'too many homes':
    'Too many accounts that were made for this person have been left. Whoever runs this relay can take them out.',
  'no room':
    'Their own account would be in this one’s group, which is full. Ask whoever runs this relay.',
  'no such invitation': 'That invitation is not open any more.',
}

export const refusalText = (why: string): string => refusals[why] ?? 'That cannot be done.'
