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
export { insertNoBetter } from './no-better.ts'
export { readTimeZone, setTimeZone } from './time-zone.ts'
export { setGroupModels } from './group-models.ts'
export {
  listGroups,
  lockGroups,
  removeGroup,
  setAccountFactor,
  setAccountGroup,
  setGroup,
  type FactorRefusal,
  type Groups,
} from './factors.ts'
