import { accountActions } from './teams/account-actions.ts'
import { accountStatuses } from './account-statuses.ts'
import { adminActions } from './admin-actions.ts'
import { entryKinds, listedKinds } from './entry-kinds.ts'
import { callErrorCodes } from './error-codes.ts'
import { invitationStates } from './teams/invitation-states.ts'
import { languages } from './language/languages.ts'
import { keyStatuses } from './key-statuses.ts'
import { limitScopes } from './rates/limit-scopes.ts'
import { modelKinds } from './model-kinds.ts'
import {
  eventVerdicts,
  orderStates,
  planOutcomes,
  reversalKinds,
  reversalStates,
} from './payments/order-states.ts'
import { deliveryChannels, deliveryStates, noticeKinds } from './notices/notice-kinds.ts'
import { outcomes } from './outcomes.ts'
import { paymentProviderNames } from './payments/payment-providers.ts'
import { periods } from './keys/periods.ts'
import { identityProviders } from './provider-names.ts'
import { roles } from './teams/roles.ts'
import { upstreamStates } from './upstream-states.ts'
import { usageFlags, usageSources } from './usage-sources.ts'

/** The lists that the header of a statement can name, each by the name of its type. */
export const closedLists = {
  AccountAction: accountActions,
  AccountStatus: accountStatuses,
  AdminAction: adminActions,
  CallErrorCode: callErrorCodes,
  DeliveryChannel: deliveryChannels,
  DeliveryState: deliveryStates,
  EntryKind: entryKinds,
  InvitationState: invitationStates,
  EventVerdict: eventVerdicts,
  KeyStatus: keyStatuses,
  Language: languages,
  LimitScope: limitScopes,
  ListedKind: listedKinds,
  ModelKind: modelKinds,
  NoticeKind: noticeKinds,
  OrderState: orderStates,
  Outcome: outcomes,
  PaymentProviderName: paymentProviderNames,
  PlanOutcome: planOutcomes,
  ReversalKind: reversalKinds,
  ReversalState: reversalStates,
  Period: periods,
  Role: roles,
  UpstreamState: upstreamStates,
  UsageFlag: usageFlags,
  UsageSource: usageSources,
  IdentityProvider: identityProviders,
} as const
export type ListName = keyof typeof closedLists

export const isListName = (name: string): name is ListName => Object.hasOwn(closedLists, name)
