import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createCookieSessionStorage, type Session } from '@remix-run/node'
import { limits } from '../config/limits.ts'
import type { ProviderName } from '../values/provider-names.ts'
import { safeReturnTo } from '../paths.ts'
import type { Stores } from '../services.ts'
import { deriveKey } from '../config/derive-key.ts'
import { cookieName } from './cookie-name.ts'
import { clockMs } from '../values/clock.ts'

const { attemptMinutesMax } = limits.auth

/** What somebody set out to do when they were sent to a provider. */
type Purpose = {
  returnTo: string
  /** The signed-in user who adds a way to sign in; null for signing in. */
  linkUserId: number | null
}
export type Attempt = Purpose & { provider: ProviderName; state: string; codeVerifier: string }

/** The last two are where remix-auth's strategies look for them. */
type Kept = Purpose & {
  provider: ProviderName
  startedAtMs: number
  'oauth2:codeVerifier': string
  'oauth2:state': string
}

/** The cookie that binds an attempt to the browser it was begun in; a new one replaces it. */
export function attemptStorage({ env, installation }: Stores) {
  const secure = env.APP_URL.startsWith('https:')
  return createCookieSessionStorage<Kept>({
    cookie: {
      name: cookieName({ env, installation }, '__Host-', 'sign-in'),
      httpOnly: true,
      // Strict would keep it from the provider's redirect back to us.
      sameSite: 'lax',
      path: '/',
      secure,
      maxAge: attemptMinutesMax * 60,
      secrets: [deriveKey(env, 'sign-in attempt').toString('base64url')],
    },
  })
}

/** A new attempt; its state is still to come, from the provider's strategy. */
export async function newAttempt(services: Stores, provider: ProviderName, purpose: Purpose) {
  const storage = attemptStorage(services)
  const session = await storage.getSession()
  const codeVerifier = randomBytes(32).toString('base64url')
  session.set('provider', provider)
  session.set('returnTo', purpose.returnTo)
  session.set('linkUserId', purpose.linkUserId)
  session.set('startedAtMs', clockMs())
  session.set('oauth2:codeVerifier', codeVerifier)
  const [cookie = ''] = (await storage.commitSession(session)).split(';')
  return { cookie, codeVerifier }
}

function readKept(session: Session<Kept>): (Attempt & { startedAtMs: number }) | undefined {
  const provider = session.get('provider')
  const state = session.get('oauth2:state')
  const codeVerifier = session.get('oauth2:codeVerifier')
  const startedAtMs = session.get('startedAtMs')
  if (!provider || !state || !codeVerifier || startedAtMs === undefined) return undefined
  return {
    provider,
    state,
    codeVerifier,
    startedAtMs,
    returnTo: safeReturnTo(session.get('returnTo') ?? null),
    linkUserId: session.get('linkUserId') ?? null,
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other))

const isTooLate = (startedAtMs: number) => clockMs() - startedAtMs > attemptMinutesMax * 60_000

/** What this browser has begun with a provider and not ended, whatever it asks for now. */
export async function readOpenAttempt(
  request: Request,
  services: Stores,
  provider: ProviderName,
): Promise<Attempt | undefined> {
  const cookies = request.headers.get('cookie')
  const kept = readKept(await attemptStorage(services).getSession(cookies))
  return kept?.provider === provider && !isTooLate(kept.startedAtMs) ? kept : undefined
}

/**
 * The attempt this callback answers. `foreign` where this browser began none, or another one;
 * `too-late` after ten minutes, whatever the browser still keeps.
 */
export async function readAttempt(
  request: Request,
  services: Stores,
  provider: ProviderName,
): Promise<Attempt | 'foreign' | 'too-late'> {
  const cookies = request.headers.get('cookie')
  const kept = readKept(await attemptStorage(services).getSession(cookies))
  const state = new URL(request.url).searchParams.get('state')
  if (!kept || !state || kept.provider !== provider || !isSame(kept.state, state)) return 'foreign'
  const { startedAtMs, ...attempt } = kept
  return isTooLate(startedAtMs) ? 'too-late' : attempt
}

/** The header that takes the attempt out of the browser. */
export async function forgetAttempt(services: Stores): Promise<string> {
  const storage = attemptStorage(services)
  return storage.destroySession(await storage.getSession())
}
