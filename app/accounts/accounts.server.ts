/** The public face of the accounts room: who the customers are. Their money is the ledger's. */
export {
  createAccount,
  findAccountByKey,
  findAccountsByEmail,
  listAccounts,
  readAccount,
  setAccountStatus,
  type Account,
  type AccountRow,
} from './accounts.ts'
export { readBuyer } from './buyer.ts'
export { readTimeZone, setTimeZone } from './time-zone.ts'
export { setGroupModels } from './group-models.ts'
export {
  listGroups,
  removeGroup,
  setAccountFactor,
  setAccountGroup,
  setGroup,
  type FactorRefusal,
} from './factors.ts'
