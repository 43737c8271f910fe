/** The public face of the sign-in room: who somebody is, and how a browser stays signed in. */
export {
  deleteExpiredSessions,
  endOtherSessions,
  endOwnSession,
  endSession,
  findPerson,
  listSessions,
  signInFirst,
  rotateSession,
  startSession,
  workIn,
  type Person,
} from './session.ts'
export { findOrSignUp, findUserOf, localDeveloper, madeUpPerson } from './sign-up.ts'
export { newSignInToken, spendSignInToken } from './local-sign-in.ts'
export { readProfile } from './profile.ts'
export { chooseZone, zoneIn } from './zone.ts'
export { chooseLanguage } from './language.ts'
export { configuredProvider, providerLabel, signInWays } from './providers/providers.ts'
export { finishSignIn, goOnSignIn, startSignIn } from './sign-in.ts'
export { linkIdentity, listLinked, startLink } from './link.ts'
export { shownId } from './providers/oidc.ts'
export { isUsable, unlinkIdentity } from './unlink.ts'
export { takeFirstKey } from './first-key.ts'
