/** The public face of the account log: changes of an account by people, each with its row. */
export {
  changeAccount,
  changeLocked,
  NoLongerAllowed,
  readRole,
  type Author,
  type Change,
} from './change.ts'
export { listAccountLog } from './log.ts'
export { readNames, type Named, type Names } from './names.ts'
