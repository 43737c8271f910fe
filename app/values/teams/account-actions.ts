import type { Right } from './roles.ts'

/** What people can have done in an account, in the words of its log. */
export const accountActions = [
  'key create',
  'key change',
  'key revoke',
  'key rotate',
  'key disable',
  'key enable',
  'plan subscribe',
  'plan change',
  'plan cancel',
  'code redeem',
  'order start',
  'billing address set',
  'webhook set',
  'webhook rotate',
  'webhook remove',
  'webhook test',
  'notices set',
  'time zone set',
  'account rename',
  'invitation make',
  'invitation revoke',
  'member join',
  'member add',
  'member role',
  'member cap',
  'member remove',
  'member leave',
] as const
export type AccountAction = (typeof accountActions)[number]

/**
 * What somebody must be allowed in the account to do it, in the moment it is done. Null where that
 * is something else: who joins brings a link, who leaves is in it. Whose key it is, and whom
 * somebody decides over, is looked at besides by whoever changes those.
 */
export const rightFor: Readonly<Record<AccountAction, Right | null>> = {
  'key create': 'manage-own-keys',
  'key change': 'manage-own-keys',
  'key revoke': 'manage-own-keys',
  'key rotate': 'manage-own-keys',
  'key disable': 'manage-own-keys',
  'key enable': 'manage-own-keys',
  'plan subscribe': 'manage-money',
  'plan change': 'manage-money',
  'plan cancel': 'manage-money',
  'code redeem': 'manage-money',
  'order start': 'manage-money',
  'billing address set': 'manage-money',
  'webhook set': 'manage-account',
  'webhook rotate': 'manage-account',
  'webhook remove': 'manage-account',
  'webhook test': 'manage-account',
  'notices set': 'manage-account',
  'time zone set': 'manage-account',
  'account rename': 'manage-account',
  'invitation make': 'manage-people',
  'invitation revoke': 'manage-people',
  'member join': null,
  'member add': 'manage-people',
  'member role': 'manage-people',
  'member cap': 'manage-people',
  'member remove': 'manage-people',
  'member leave': null,
}
