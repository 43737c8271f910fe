import type { AccountAction } from '../../values/teams/account-actions.ts'

const actWords = {
  'key create': 'Key made',
  'key change': 'Key changed',
  'key revoke': 'Key revoked',
  'key rotate': 'Key rotated',
  'key disable': 'Key disabled',
  'key enable': 'Key enabled',
  'plan subscribe': 'Plan subscribed',
  'plan change': 'Plan changed',
  'plan cancel': 'Plan canceled',
  'code redeem': 'Code redeemed',
  'order start': 'Order begun',
  'billing address set': 'Billing address changed',
  'webhook set': 'Webhook changed',
  'webhook rotate': 'Webhook’s secret rotated',
  'webhook remove': 'Webhook removed',
  'webhook test': 'Webhook tried',
  'notices set': 'Notices changed',
  'time zone set': 'Time zone changed',
  'account rename': 'Account renamed',
  'invitation make': 'Invitation made',
  'invitation revoke': 'Invitation taken back',
  'member join': 'Joined',
  'member add': 'Person added',
  'member role': 'Role changed',
  'member cap': 'Cap changed',
  'member remove': 'Person removed',
  'member leave': 'Left',
} satisfies Record<AccountAction, string>

/** What was done. An action of a newer release has no words here: it is said as it is. */
export const wordsOf = (action: AccountAction): string =>
  Object.hasOwn(actWords, action) ? actWords[action] : action
