/** The public face of the sign-in room: who somebody is, and how a browser stays signed in. */
export {
  deleteExpiredSessions,
  endOtherSessions,
  endOwnSession,
  endSession,
  findPerson,
  listSessions,
  requirePerson,
  rotateSession,
  startSession,
  type OwnSession,
  type Person,
} from './session.ts'
export { findOrSignUp, localDeveloper, type SignedUp, type Welcome } from './sign-up.ts'
export { readProfile, type Profile } from './profile.ts'
export type { Identity } from './identity.ts'
export { configuredProvider, signInWays, type SignInWays } from './providers.ts'
export { finishSignIn, startSignIn, type Finished } from './sign-in.ts'
export { linkIdentity, listLinked, startLink, type Linked } from './link.ts'
export { takeFirstKey } from './first-key.ts'
