import { Authenticator } from 'remix-auth'
import { limits } from '../../config/limits.ts'
import type { Env } from '../../config/env.ts'
import {
  providerNames,
  type IdentityProvider,
  type ProviderName,
} from '../../values/provider-names.ts'
import { signInCallbackPath, signInPath } from '../../paths.ts'
import type { Stores } from '../../services.ts'
import { attemptStorage } from '../attempt.ts'
import { GitHub } from './github.ts'
import { Google } from './google.ts'
import type { Identity } from './identity.ts'
import { askOidc, sendToOidc } from './oidc-visit.ts'
import type { ProviderTrouble } from './provider-answer.ts'
import type { ProviderVisit, SignInServices } from './provider-visit.ts'
import { troubleOf } from './trouble-of.ts'

const strategies = {
  github: (visit: ProviderVisit) => new GitHub(visit),
  google: (visit: ProviderVisit) => new Google(visit),
}
/** What a provider is called on the pages. */
export function providerLabel({ providers }: Env, name: IdentityProvider): string {
  const labels = {
    github: 'GitHub',
    google: 'Google',
    oidc: providers.oidc?.name ?? 'Single sign-on',
    local: 'Local developer',
  }
  return labels[name]
}

/** The provider of that name, where the operator has set it up. */
export const configuredProvider = (env: Env, name: string | undefined): ProviderName | undefined =>
  providerNames.find((it) => it === name && env.providers[it])

type SignInWays = {
  providers: { name: ProviderName; label: string; path: string }[]
  /** Without a provider, by an address that `npm start` or the command line prints. */
  local: boolean
}

/**
 * How people sign in here. Without a provider, and only in local mode (which is never production
 * and listens on loopback alone), as the local developer.
 */
export function signInWays(env: Env): SignInWays {
  const providers = providerNames
    .filter((name) => env.providers[name])
    .map((name) => ({ name, label: providerLabel(env, name), path: signInPath(name) }))
  const isLocal = env.RELAY_MODE === 'local' && env.NODE_ENV !== 'production'
  return { providers, local: isLocal && providers.length === 0 }
}

type WithPackage = keyof typeof strategies

/**
 * Runs a strategy of remix-auth on a request of our own making: neither the host nor a query that a
 * client sent decides what it does.
 */
function authenticate(
  services: Stores,
  provider: WithPackage,
  given: { path: string; cookie: string; codeVerifier: string; signal: AbortSignal },
): Promise<Identity> {
  const { APP_URL, providers } = services.env
  const { path, cookie, codeVerifier, signal } = given
  // Whoever begins a way to a provider has looked whether it is configured.
  const settings = providers[provider]!
  const redirectUri = APP_URL + signInCallbackPath(provider)
  const strategy = strategies[provider]({ settings, redirectUri, codeVerifier, signal })
  const request = new Request(APP_URL + path, { headers: { cookie } })
  return new Authenticator<Identity>(attemptStorage(services))
    .use(strategy, provider)
    .authenticate(provider, request, { throwOnError: true })
}

/** The redirect of a strategy. */
async function sendByPackage(
  services: Stores,
  provider: WithPackage,
  { cookie, codeVerifier }: { cookie: string; codeVerifier: string },
): Promise<Response> {
  const path = signInPath(provider)
  const signal = AbortSignal.timeout(limits.auth.providerMsMax)
  try {
    await authenticate(services, provider, { path, cookie, codeVerifier, signal })
  } catch (thrown) {
    if (thrown instanceof Response) return thrown
    throw thrown
  }
  throw new Error('a strategy signed somebody in who had not been to the provider')
}

/** The redirect to the provider, with the cookie that remembers the attempt; or why there is none. */
export async function sendToProvider(
  services: SignInServices,
  provider: ProviderName,
  attempt: { cookie: string; codeVerifier: string },
): Promise<Response | ProviderTrouble> {
  if (provider !== 'oidc') return sendByPackage(services, provider, attempt)
  return sendToOidc(services, attempt).catch(troubleOf)
}

/** Exchanges the code of a callback for the person it stands for. */
export async function askProvider(
  services: SignInServices,
  provider: ProviderName,
  given: { search: string; cookie: string; codeVerifier: string },
  msMax = limits.auth.providerMsMax,
): Promise<Identity | ProviderTrouble> {
  const path = signInCallbackPath(provider) + given.search
  const visit = { ...given, path, signal: AbortSignal.timeout(msMax) }
  try {
    return await (provider === 'oidc'
      ? askOidc(services, visit)
      : authenticate(services, provider, visit))
  } catch (error) {
    return troubleOf(error)
  }
}
