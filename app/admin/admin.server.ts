/** The public face of the admin room: what an operator changes, each change with its row in the log. */
export { logAdmin } from './log.ts'
export { addModel, addPrice, enableModel } from './catalog.ts'
