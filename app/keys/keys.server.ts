/** The public face of the keys room. */
export {
  createKey,
  hasResponsesAtChat,
  insertKey,
  keyStatusOf,
  readKey,
  versionOf,
  type ApiKey,
  type NewKey,
} from './keys.ts'
export { changeKey, revokeKey, rotateKey, setDisabled } from './change-key.ts'
export { readStanding, type Standing } from './standing.ts'
export { playgroundKey, playgroundModels } from './playground-key.ts'
export { deniedKey } from './denied-key.ts'
export { listKeyPage, listKeys } from './key-page.ts'
export { createAuthenticator, type Authenticator, type Caller } from './authenticate.ts'
export { revokeKeysOf } from './of-person.ts'
export { refusedKey } from './refused-key.ts'
export { shownEnds } from './secret.ts'
export { Turns } from './turns.ts'
export { announceRevocation, cutDead, hearRevocations, InFlight } from './in-flight.ts'
