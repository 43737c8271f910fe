/** The public face of the admin room: what an operator changes, each change with its row in the log. */
export { logAdmin, type AdminAct } from './log.ts'
export { addModel, addPrice, enableModel, type NewModel } from './catalog.ts'
