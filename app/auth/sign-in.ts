import type { ProviderName } from '../values/provider-names.ts'
import type { Fields } from '../telemetry/fields.ts'
import { failureFields } from '../telemetry/log.ts'
import {
  dashboardPath,
  invitationIn,
  linkedPath,
  loginPath,
  safeReturnTo,
  settingsPath,
} from '../paths.ts'
import type { Stores } from '../services.ts'
import { forgetAttempt, newAttempt, readAttempt, type Attempt } from './attempt.ts'
import { wordsFor, type FailureWords, type SignInFailure } from './failures.ts'
import { sendFirstKey } from './first-key.ts'
import type { Identity } from './identity.ts'
import { linkIdentity } from './link.ts'
import { spendOnce } from './once.ts'
import { troubleOfCode, ProviderTrouble } from './provider-answer.ts'
import { askProvider, providerLabels, sendToProvider } from './providers.ts'
import { findPerson, rotateSession } from './session.ts'
import { findByIdentity, findOrSignUp } from './sign-up.ts'
import { readInvitation } from '../teams/teams.server.ts'

/** What a callback comes to: where to go on with which cookies, or what went wrong. */
type End = { location: string; cookies: string[] } | SignInFailure | ProviderTrouble
type Finished =
  | { location: string; headers: Headers }
  | { failure: SignInFailure; words: FailureWords; tryAgain: string; headers: Headers }

/** Sends somebody to a provider to sign in, and afterwards to `returnTo`, a path of this site. */
export async function startSignIn(
  services: Stores,
  provider: ProviderName,
  returnTo: string | null,
): Promise<Response> {
  const attempt = { returnTo: safeReturnTo(returnTo), linkUserId: null }
  return sendToProvider(services, provider, await newAttempt(services, provider, attempt))
}

/** Who the provider says this is, or why it does not. */
async function identify(
  request: Request,
  services: Stores,
  attempt: Attempt,
): Promise<Identity | ProviderTrouble | 'denied'> {
  const { search, searchParams } = new URL(request.url)
  const code = searchParams.get('error')
  if (code === 'access_denied') return 'denied'
  if (code !== null) return troubleOfCode(code) ?? new ProviderTrouble('provider-answer')
  const { provider, codeVerifier } = attempt
  const cookie = request.headers.get('cookie') ?? ''
  return askProvider(services, provider, { search, cookie, codeVerifier })
}

/** Whether somebody is on their way to join an account by a link that lets them in. */
async function isInvited({ db }: Stores, returnTo: string): Promise<boolean> {
  const token = invitationIn(returnTo)
  return token !== undefined && (await readInvitation(db, token))?.state === 'open'
}

/**
 * Signs in whom the identity belongs to; a new person gets an account and is shown its key. Whoever
 * comes by an invitation has come for another account: theirs begins without key and credit.
 */
async function enter(
  request: Request,
  services: Stores,
  identity: Identity,
  returnTo: string,
): Promise<End> {
  const { db, env } = services
  if (identity.email === null && !(await findByIdentity(db, identity))) {
    return 'no-verified-email'
  }
  const isForAnother = await isInvited(services, returnTo)
  const welcome = isForAnother ? undefined : { creditNanos: env.welcomeNanos, keyName: 'First key' }
  const { userId, firstKey } = await findOrSignUp(db, identity, welcome)
  const cookies = [await rotateSession(request, services, userId)]
  if (firstKey === undefined) return { location: returnTo, cookies }
  cookies.push(await sendFirstKey(services, userId, firstKey))
  return { location: dashboardPath, cookies }
}

async function addLink(
  request: Request,
  services: Stores,
  identity: Identity,
  userId: number,
): Promise<End> {
  const person = await findPerson(request, services)
  if (person?.userId !== userId) return 'link-signed-out'
  const linked = await linkIdentity(services.db, userId, identity)
  return linked === 'linked'
    ? { location: linkedPath(identity.provider), cookies: [] }
    : 'link-taken'
}

/** The attempt is spent before anything the callback says is looked at. */
async function finish(request: Request, services: Stores, attempt: Attempt): Promise<End> {
  if (!(await spendOnce(services.db, 'sign-in attempt', attempt.state))) return 'replayed'
  const identity = await identify(request, services, attempt)
  if (identity === 'denied' || identity instanceof ProviderTrouble) return identity
  return attempt.linkUserId === null
    ? enter(request, services, identity, attempt.returnTo)
    : addLink(request, services, identity, attempt.linkUserId)
}

/** Writes down a failure by the codes it has; what a provider said about it may be anything. */
function logFailure({ log }: Stores, end: SignInFailure | ProviderTrouble, fields: Fields) {
  if (!(end instanceof ProviderTrouble))
    return log.info('sign_in_failed', { ...fields, failure: end })
  const { fault: failure, reason, cause } = end
  const { error, code } = cause === undefined ? {} : failureFields(cause)
  log.warn('sign_in_failed', { ...fields, failure, reason, error, code })
}

/**
 * Ends a sign-in or a link where the provider sends people back to. Only the browser that began it
 * can end it, and only once. `requestId` is what a failure is logged under.
 */
export async function finishSignIn(
  request: Request,
  services: Stores,
  provider: ProviderName,
  requestId: string,
): Promise<Finished> {
  const headers = new Headers({ 'cache-control': 'no-store' })
  const attempt = await readAttempt(request, services, provider)
  // An attempt that is not this one stands: anybody can make a browser open this address.
  if (attempt !== 'foreign') headers.append('set-cookie', await forgetAttempt(services))
  const end = typeof attempt === 'string' ? attempt : await finish(request, services, attempt)
  if (typeof end === 'object' && 'location' in end) {
    for (const cookie of end.cookies) headers.append('set-cookie', cookie)
    return { location: end.location, headers }
  }
  logFailure(services, end, { request: requestId, provider })
  const failure = end instanceof ProviderTrouble ? end.fault : end
  const { linkUserId = null, returnTo = undefined } = typeof attempt === 'string' ? {} : attempt
  return {
    failure,
    words: wordsFor(failure, providerLabels[provider], services.env.APP_URL),
    tryAgain: linkUserId === null ? loginPath(returnTo) : settingsPath,
    headers,
  }
}
