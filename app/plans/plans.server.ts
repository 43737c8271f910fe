/** The public face of plans: what can be subscribed to, and an account's own subscription. */
export {
  addPlan,
  changeTerms,
  findPlan,
  listPlans,
  withdrawPlan,
  type Plan,
  type PlanTerms,
} from './catalogue.ts'
export { cancelPlan, changePlan, listPlansFor, readStanding, subscribe } from './own-plan.ts'
export { orderPlan } from './order-plan.ts'
