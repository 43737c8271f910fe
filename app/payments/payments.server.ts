/** The public face of the payments room: what brings credit from outside. */
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
export { contactUrl, readTopUpWays, TopUp, type TopUpWays } from './top-up.ts'
