import { createHash } from 'node:crypto'
import {
  authorizationCodeGrant,
  allowInsecureRequests,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  getJwksCache,
  setJwksCache,
  type IDToken,
  type UserInfoResponse,
} from 'openid-client'
import type { OidcFacts, OidcSettings } from '../../config/providers.ts'
import { limits } from '../../config/limits.ts'
import { bounded } from '../../http/http.server.ts'
import type { PageServices } from '../../services.ts'
import type { IdentityProvider } from '../../values/provider-names.ts'
import { identityOf, type Identity } from './identity.ts'
import { discover } from './oidc-facts.ts'

/** One conversation with the provider; what it says of itself is remembered beyond it. */
export type OidcVisit = {
  settings: OidcSettings
  facts: PageServices['oidcFacts']
  redirectUri: string
  codeVerifier: string
  /** Ends every request to the provider. */
  signal: AbortSignal
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** In the token that answers this attempt and in no other: as secret as the verifier it is made of. */
const nonceOf = ({ codeVerifier }: OidcVisit) =>
  sha256(`nonce\n${codeVerifier}`).toString('base64url')

const factsOf = ({ facts, settings, signal }: OidcVisit): Promise<OidcFacts> =>
  facts.get(() => discover(settings, signal))

/** The package's view of both sides. Whoever has not said how a client shows itself means `basic`. */
function configurationOf({ metadata, jwks }: OidcFacts, { settings, signal }: OidcVisit) {
  const { clientId, clientSecret, discoveryUrl } = settings
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const show = methods.includes('client_secret_post') ? ClientSecretPost : ClientSecretBasic
  const config = new Configuration(metadata, clientId, clientSecret, show(clientSecret))
  if (discoveryUrl.startsWith('http:')) allowInsecureRequests(config)
  // It would take a token that came over TLS without looking at who signed it.
  enableNonRepudiationChecks(config)
  if (jwks) setJwksCache(config, jwks)
  config[customFetch] = async (url, init) =>
    bounded(await fetch(url, { ...(init as RequestInit), signal }), limits.auth.answerBytesMax)
  return config
}

/** Where to send a browser; what comes back is for this attempt alone. */
export async function authorizeUrl(visit: OidcVisit, state: string): Promise<URL> {
  const config = configurationOf(await factsOf(visit), visit)
  return buildAuthorizationUrl(config, {
    redirect_uri: visit.redirectUri,
    scope: visit.settings.scopes,
    state,
    nonce: nonceOf(visit),
    code_challenge: await calculatePKCECodeChallenge(visit.codeVerifier),
    code_challenge_method: 'S256',
  })
}

type Claims = IDToken | UserInfoResponse

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Only an address that the same words call verified; some say it in letters (Amazon Cognito). */
const emailOf = ({ email, email_verified: said }: Claims): string | undefined =>
  said === true || said === ('true' as unknown) ? textOf(email) : undefined

/**
 * The provider's own id of somebody. It means something at its issuer alone: were the relay's provider
 * exchanged for another, its people would else be taken for those of the first.
 */
function idOf(issuer: string, sub: string): string {
  const bare = /^[\x21-\x7e]{1,170}$/.test(sub) ? sub : `sha256:${sha256(sub).toString('hex')}`
  return `${sha256(issuer).toString('base64url').slice(0, 11)}:${bare}`
}

/** What of such an id the provider would know. */
export const shownId = (provider: IdentityProvider, id: string): string =>
  provider === 'oidc' ? id.replace(/^[\w-]{11}:/, '') : id

function asIdentity({ iss, sub }: IDToken, said: Claims[]): Identity {
  const first = (read: (claims: Claims) => unknown) =>
    said.map((claims) => textOf(read(claims))).find((text) => text !== undefined)
  const email = first(emailOf)
  const name = first((it) => it.name) ?? first((it) => it.preferred_username)
  return identityOf('oidc', {
    id: idOf(iss, sub),
    displayName: name ?? email?.split('@')[0] ?? '',
    emails: email === undefined ? [] : [{ value: email }],
  })
}

/** Exchanges the code of a callback for the person it stands for. */
export async function identify(visit: OidcVisit, callback: URL, state: string): Promise<Identity> {
  const facts = await factsOf(visit)
  const config = configurationOf(facts, visit)
  const tokens = await authorizationCodeGrant(config, callback, {
    expectedState: state,
    expectedNonce: nonceOf(visit),
    pkceCodeVerifier: visit.codeVerifier,
    idTokenExpected: true,
  })
  const jwks = getJwksCache(config)
  if (jwks) facts.jwks = jwks
  // The package has thrown where there is none.
  const claims = tokens.claims()!
  const isWhole = textOf(claims.name) !== undefined && emailOf(claims) !== undefined
  if (isWhole || facts.metadata.userinfo_endpoint === undefined) return asIdentity(claims, [claims])
  const more = await fetchUserInfo(config, tokens.access_token, claims.sub)
  return asIdentity(claims, [claims, more])
}
