/** The public face of the ledger: the only room that moves money. */
export { accountQuartersOf } from './quarters.ts'
export { foldDays } from './fold.ts'
export { accountColumns, keyColumns } from './columns.ts'
export { createLedger, type Ledger, type LedgerOptions, type OwnLedger } from './ledger.ts'
export { credit } from './credit.ts'
export { available } from './decide.ts'
export { lockAccount, lockAccounts, writeEntry, type Credit } from './entries.ts'
export {
  bookPast,
  refusePast,
  type PastBooked,
  type PastRefusal,
  type Stretch,
} from './past/past.ts'
export { type PastCall } from './past/past-share.ts'
export { setPlan } from './plan/set-plan.ts'
export { renewPlans } from './plan/renewal.ts'
export {
  changePlanLocked,
  isSoldTo,
  readOffer,
  readTerms,
  subscribeLocked,
  type PlanChanged,
  type PlanWish,
  type Subscribed,
} from './plan/subscribe.ts'
export { takePlanBackLocked } from './plan/take-back.ts'
export { cancelPlanLocked } from './plan/cancel.ts'
export { beat, countRelays, listRelays, retire } from './beat.ts'
export { announceMoney, hearMoney, Refusals } from './refusals.ts'
export { sweep, sweepDead } from './sweep.ts'
export { StoodStill } from './stood-still.ts'
export { findDroppedDifference, verify, type Verdict } from './verify.ts'
export type { CostOf } from './verify-costs.ts'
export { repairTotals } from './repair.ts'
export {
  noticeId,
  setThreshold,
  writeNotice,
  type AccountFact,
  type OperatorFact,
} from './notices/notices.ts'
export { isGoodSecret, outputAffordable, roundUpNanos, type AccountState } from './decide.ts'
export { isWithin } from './keys/addresses.ts'
export { budgetsOf, leftOf, tightestOf } from './keys/key-state.ts'
export {
  LedgerAway,
  noUsage,
  unservedBill,
  type Ask,
  type Asker,
  type Bill,
  type CallFacts,
  type DeniedBy,
  type Grant,
  type KeyBudget,
  type Refusal,
  type Reservation,
  type Settlement,
  type SettleOp,
  type Usage,
} from './ops.ts'
