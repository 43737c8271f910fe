/** The public face of the admin room: what an operator changes, each change with its row in the log. */
export { logAdmin } from './log.ts'
export { addAlias, addModel, addPrice, enableModel, removeAlias } from './catalog.ts'
