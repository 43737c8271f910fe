/** The public face of the API: what is under /v1 and beside it, from the path to the answer. */
export { createDoor, type ApiArgs, type RouteModule } from './door.ts'
export { apiTable, isApiPath } from './table.ts'
export { createHealth } from './health.ts'
export { isStray } from './right-url.ts'
export { cancelResponse, deleteResponse, listInputItems, showResponse } from './stored.ts'
export { listModels, showModel } from './models.ts'
export { showCreditGrants, showSubscription, showUsage } from './balance.ts'
