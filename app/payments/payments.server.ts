/** The public face of the payments room: what brings credit from outside: orders and codes. */
export {
  cancelCodes,
  findRedemption,
  listBatches,
  listRedeemed,
  listRedemptions,
  readBatch,
  type Batch,
} from './codes/batches.ts'
export { makeCodes, type MadeCode, type NewBatch } from './codes/make-codes.ts'
export { redeemCode, type CodeRefusal } from './codes/redeem-code.ts'
export { contactUrl, readTopUpWays, TopUp } from './top-up.ts'
export { askDue, askInTurn, askProvider, hearing, mayAsk, type Asked } from './ask.ts'
export { createProviders } from './providers.ts'
export {
  isOpen,
  listEvents,
  listOrders,
  listReversals,
  orderNumber,
  readOrder,
  readOwnOrder,
  type Order,
} from './order.ts'
export type { PaymentProviders } from './provider.ts'
export { createReceiver } from './receive.ts'
export { answerRefund, dropStrayEvents, refundOrder, type Refunded } from './refund.ts'
export { readBillingAddress, writeBillingAddress } from './address.ts'
export { cameInItsCurrency, closeOrder, settleOrder, type NotSettled } from './settle.ts'
export { makePayable, startOrder, type Payments, type Started } from './start-order.ts'
