import type { ProviderName } from '../values/provider-names.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import { settingsPath } from '../paths.ts'
import { newAttempt } from './attempt.ts'
import { findByIdentity } from './sign-up.ts'
import type { Identity } from './providers/identity.ts'
import type { SignInServices } from './providers/provider-visit.ts'
import { sendToProvider } from './providers/providers.ts'
import { requirePerson } from './session.ts'
import { begun } from './tell-failure.ts'

type Linked = Row<'auth/list-identities'>

/** The ways this person signs in. */
export const listLinked = (db: Db, userId: number): Promise<Linked[]> =>
  run(db, 'auth/list-identities', { userId })

/**
 * Sends a signed-in person to a provider, to sign in with it from then on; they come back to the
 * settings. Somebody who is not signed in is sent to sign in (a thrown redirect).
 */
export async function startLink(
  request: Request,
  services: SignInServices,
  provider: ProviderName,
  requestId: string,
): Promise<Response> {
  const { userId } = await requirePerson(request, services)
  const attempt = { returnTo: settingsPath, linkUserId: userId }
  const begins = await newAttempt(services, provider, attempt)
  return begun(services, { provider, requestId }, await sendToProvider(services, provider, begins))
}

/** Adds an identity to a user; `taken` where it is somebody else's. Repeating is harmless. */
export async function linkIdentity(
  db: Db,
  userId: number,
  identity: Identity,
): Promise<'linked' | 'taken'> {
  const { provider, providerUserId } = identity
  const claimed = await run(db, 'auth/insert-identity', { provider, providerUserId, userId })
  if (claimed === 1) return 'linked'
  const owner = await findByIdentity(db, identity)
  return owner?.userId === userId ? 'linked' : 'taken'
}
