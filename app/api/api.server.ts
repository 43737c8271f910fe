/** The public face of the API: what is under /v1 and beside it, from the path to the answer. */
export { createDoor, type ApiArgs, type RouteModule } from './door.ts'
export { apiTable, isApiPath } from './table.ts'
export { answerHealth } from './health.ts'
export { listModels, showModel } from './models.ts'
export { showCreditGrants, showSubscription, showUsage } from './balance.ts'
