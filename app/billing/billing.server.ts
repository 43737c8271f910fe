/** The door of the billing room. */
export { showSubscription, showUsage, showCreditGrants } from './balance-api.ts'
