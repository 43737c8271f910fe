/** What people are told of, by the word that their webhooks know it by. */
export const accountNoticeKinds = [
  'balance.low',
  'key.budget',
  'plan.ends',
  'payment.received',
  'payment.refunded',
  'payment.disputed',
] as const
export type AccountNoticeKind = (typeof accountNoticeKinds)[number]

/** And the operator. */
const operatorNoticeKinds = [
  'upstream.open',
  'model.open',
  'books.differ',
  'holds.old',
  'payment.unclear',
] as const

/** What somebody has asked for themselves: nobody chooses not to be told of it. */
const askedNoticeKinds = ['address.confirm', 'notice.test'] as const

export const noticeKinds = [
  ...accountNoticeKinds,
  ...operatorNoticeKinds,
  ...askedNoticeKinds,
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** How far the telling of one person, or of one webhook, has come. */
export const deliveryStates = ['waiting', 'sent', 'given up'] as const

export const deliveryChannels = ['mail', 'webhook'] as const
export type DeliveryChannel = (typeof deliveryChannels)[number]
