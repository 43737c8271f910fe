import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'
import type { AccountAction } from '../../values/teams/account-actions.ts'

const actWords = {
  'key create': msg`Key made`,
  'key change': msg`Key changed`,
  'key revoke': msg`Key revoked`,
  'key rotate': msg`Key rotated`,
  'key disable': msg`Key disabled`,
  'key enable': msg`Key enabled`,
  'plan subscribe': msg`Plan subscribed`,
  'plan change': msg`Plan changed`,
  'plan cancel': msg`Plan canceled`,
  'code redeem': msg`Code redeemed`,
  'order start': msg`Order begun`,
  'billing address set': msg`Billing address changed`,
  'webhook set': msg`Webhook changed`,
  'webhook rotate': msg`Webhook’s secret rotated`,
  'webhook remove': msg`Webhook removed`,
  'webhook test': msg`Webhook tried`,
  'notices set': msg`Notices changed`,
  'time zone set': msg`Time zone changed`,
  'account rename': msg`Account renamed`,
  'invitation make': msg`Invitation made`,
  'invitation revoke': msg`Invitation taken back`,
  'member join': msg`Joined`,
  'member add': msg`Person added`,
  'member role': msg`Role changed`,
  'member cap': msg`Cap changed`,
  'member remove': msg`Person removed`,
  'member leave': msg`Left`,
} satisfies Record<AccountAction, MessageDescriptor>

/** What was done; null for an action of a newer release, which has no words here. */
export const wordsOf = (action: AccountAction): MessageDescriptor | null =>
  Object.hasOwn(actWords, action) ? actWords[action] : null
