/** The door of the sign-in room: who somebody is, and how a browser stays signed in. */
export {
  deleteExpiredSessions,
  startSession,
  findPerson,
  requirePerson,
  endSession,
  type Person,
} from './session.ts'
export { findOrSignUp, localDeveloper, type Identity, type SignedUp } from './sign-up.ts'
