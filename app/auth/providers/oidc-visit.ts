import { randomBytes } from 'node:crypto'
import { redirect } from '@remix-run/node'
import { limits } from '../../config/limits.ts'
import { signInOrigins } from '../../config/providers.ts'
import { signInCallbackPath, signInPath } from '../../paths.ts'
import { attemptStorage, readOpenAttempt } from '../attempt.ts'
import type { Identity } from './identity.ts'
import { authorizeUrl, identify, type OidcVisit } from './oidc.ts'
import type { SignInServices } from './provider-visit.ts'

function visitOf(
  { env, oidcFacts }: SignInServices,
  codeVerifier: string,
  signal = AbortSignal.timeout(limits.auth.providerMsMax),
): OidcVisit {
  // Whoever begins a way to a provider has looked whether it is configured.
  const settings = env.providers.oidc!
  const redirectUri = env.APP_URL + signInCallbackPath('oidc')
  return { settings, facts: oidcFacts, redirectUri, codeVerifier, signal }
}

/**
 * The redirect to the provider, with the cookie that remembers the attempt. A form leads only
 * where its page has said that it may (CSP, form-action), and that is written before anybody has
 * asked the provider: to another place than its own, people go by a page of ours in between.
 */
export async function sendToOidc(
  services: SignInServices,
  { cookie, codeVerifier }: { cookie: string; codeVerifier: string },
): Promise<Response> {
  const storage = attemptStorage(services)
  const session = await storage.getSession(cookie)
  const state = randomBytes(32).toString('base64url')
  session.set('oauth2:state', state)
  const { origin, href } = await authorizeUrl(visitOf(services, codeVerifier), state)
  const mayLeadThere = signInOrigins(services.env.providers).includes(origin)
  const headers = { 'set-cookie': await storage.commitSession(session) }
  return redirect(mayLeadThere ? href : signInPath('oidc'), { headers })
}

/** Where the way goes on that this browser has begun; undefined where it has begun none. */
export async function goOnToOidc(
  request: Request,
  services: SignInServices,
): Promise<string | undefined> {
  const attempt = await readOpenAttempt(request, services, 'oidc')
  if (!attempt) return undefined
  return (await authorizeUrl(visitOf(services, attempt.codeVerifier), attempt.state)).href
}

/** Who has come back by this address, whose state is that of the attempt. */
export function askOidc(
  services: SignInServices,
  { path, codeVerifier, signal }: { path: string; codeVerifier: string; signal: AbortSignal },
): Promise<Identity> {
  const callback = new URL(services.env.APP_URL + path)
  const state = callback.searchParams.get('state') ?? ''
  return identify(visitOf(services, codeVerifier, signal), callback, state)
}
