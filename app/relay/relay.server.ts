/** The door of the relay. */
export { relay } from './relay.ts'
export { createDoor, isApiPath, answerHealth, type ApiArgs, type RouteModule } from './door.ts'
export { listModels, showModel } from './models-list.ts'
export { loadTokenizer } from './tokens.ts'
