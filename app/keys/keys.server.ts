/** The public face of the keys room. */
export {
  changeKey,
  createKey,
  hasResponsesAtChat,
  insertKey,
  keyStatusOf,
  readKey,
  readStanding,
  revokeKey,
  versionOf,
  type ApiKey,
  type NewKey,
  type Standing,
} from './keys.ts'
export { listKeyPage, listKeys } from './key-page.ts'
export { createAuthenticator, type Authenticator, type Caller } from './authenticate.ts'
export { revokeKeysOf } from './of-person.ts'
export { refusedKey } from './refused-key.ts'
export { shownEnds } from './secret.ts'
export { Turns } from './turns.ts'
export { announceRevocation, cutDead, hearRevocations, InFlight } from './in-flight.ts'
