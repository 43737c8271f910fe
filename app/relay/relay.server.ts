/** The door of the relay. */
export { relay } from './relay.ts'
export { createDoor, isApiPath, answerHealth, type ApiArgs, type RouteModule } from '../api/door.ts'
export { listModels, showModel } from '../api/models.ts'
export { loadTokenizer } from './text/tokens.ts'
