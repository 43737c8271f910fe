/** The public face of the database room: mechanism only, no table's name. */
export {
  run,
  statement,
  written,
  answerOf,
  type Db,
  type Params,
  type Row,
  type StatementName,
} from './run.ts'
export { createPool, isRolledBack, rollBack, type Pool, type RolledBack } from './pool.ts'
export { createLane, type Lane } from './lane.ts'
export { faultOf } from '../errors/faults.ts'
export { inTime } from './in-time.ts'
export { migrate } from './migrate.ts'
export type { Bound } from './statement.ts'
export type { Written } from './write.ts'
export { checkDatabase } from './check.ts'
export { installationName } from './installation.ts'
