import type { ProviderName } from '../values/provider-names.ts'
import { dashboardPath, linkedPath, loginPath, safeReturnTo, settingsPath } from '../paths.ts'
import { forgetAttempt, newAttempt, readAttempt, type Attempt } from './attempt.ts'
import type { FailureWords, SignInFailure } from './failures.ts'
import { sendFirstKey } from './first-key.ts'
import type { Identity } from './providers/identity.ts'
import { letIn } from './let-in.ts'
import { linkIdentity } from './link.ts'
import { goOnToOidc } from './providers/oidc-visit.ts'
import { spendOnce } from './once.ts'
import { troubleOfCode, ProviderTrouble } from './providers/provider-answer.ts'
import type { SignInServices } from './providers/provider-visit.ts'
import { askProvider, providerLabel, sendToProvider } from './providers/providers.ts'
import { dropSession, findPerson, rotateSession } from './session.ts'
import { findByIdentity } from './sign-up.ts'
import { begun, failureIn, logFailure } from './tell-failure.ts'
import { troubleOf } from './providers/trouble-of.ts'

/** What a callback comes to: where to go on with which cookies, or what went wrong. */
type End = { location: string; cookies: string[] } | SignInFailure | ProviderTrouble
type Finished =
  | { location: string; headers: Headers }
  | { failure: SignInFailure; words: FailureWords; tryAgain: string; headers: Headers }

/** Sends somebody to a provider to sign in, and afterwards to `returnTo`, a path of this site. */
export async function startSignIn(
  services: SignInServices,
  provider: ProviderName,
  returnTo: string | null,
  requestId: string,
): Promise<Response> {
  const attempt = { returnTo: safeReturnTo(returnTo), linkUserId: null }
  const begins = await newAttempt(services, provider, attempt)
  return begun(services, { provider, requestId }, await sendToProvider(services, provider, begins))
}

/**
 * Where the way goes on that this browser has begun by a form and that leads where the form could
 * not; undefined where it has begun none.
 */
export async function goOnSignIn(
  request: Request,
  services: SignInServices,
  provider: ProviderName,
  requestId: string,
): Promise<{ address: string; label: string } | undefined> {
  if (provider !== 'oidc') return undefined
  const sent = await goOnToOidc(request, services).catch(troubleOf)
  const address = begun(services, { provider, requestId }, sent)
  return address === undefined
    ? undefined
    : { address, label: providerLabel(services.env, provider) }
}

/** Who the provider says this is, or why it does not. */
async function identify(
  request: Request,
  services: SignInServices,
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

/** Signs in whom the identity belongs to; a new person gets an account and is shown its key. */
async function enter(
  request: Request,
  services: SignInServices,
  identity: Identity,
  returnTo: string,
): Promise<End> {
  const person = await letIn(services, identity, returnTo)
  if (typeof person === 'string') return person
  const { userId, firstKey } = person
  const cookie = await rotateSession(request, services, userId)
  if ((await findByIdentity(services.db, identity))?.userId !== userId) {
    await dropSession(services, cookie)
    return 'just-unlinked'
  }
  if (firstKey === undefined) return { location: returnTo, cookies: [cookie] }
  const cookies = [cookie, await sendFirstKey(services, userId, firstKey)]
  return { location: dashboardPath, cookies }
}

async function addLink(
  request: Request,
  services: SignInServices,
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
async function finish(request: Request, services: SignInServices, attempt: Attempt): Promise<End> {
  if (!(await spendOnce(services.db, 'sign-in attempt', attempt.state))) return 'replayed'
  const identity = await identify(request, services, attempt)
  if (identity === 'denied' || identity instanceof ProviderTrouble) return identity
  return attempt.linkUserId === null
    ? enter(request, services, identity, attempt.returnTo)
    : addLink(request, services, identity, attempt.linkUserId)
}

/**
 * Ends a sign-in or a link where the provider sends people back to. Only the browser that began it
 * can end it, and only once. `requestId` is what a failure is logged under.
 */
export async function finishSignIn(
  request: Request,
  services: SignInServices,
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
    words: failureIn(services, provider, failure),
    tryAgain: linkUserId === null ? loginPath(returnTo) : settingsPath,
    headers,
  }
}
