/** The public face of the API: what is under /v1 and beside it, from the path to the answer. */
export { createDoor, isApiPath, answerHealth, type ApiArgs, type RouteModule } from './door.ts'
export { listModels, showModel } from './models.ts'
export { showCreditGrants, showSubscription, showUsage } from './balance.ts'
