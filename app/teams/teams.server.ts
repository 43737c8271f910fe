/** The public face of the teams room: who is in an account, and as what. */
export { writeHome } from './home.ts'
export { listAccountsOf, listPeople, readCap, readMember, renameAccount } from './people.ts'
export { addMember, removeMember, setMember } from './members.ts'
export { type TeamRefusal } from './change.ts'
export {
  acceptInvitation,
  listInvitations,
  makeInvitation,
  readInvitation,
  revokeInvitation,
  type Invitation,
} from './invitations.ts'
