import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { authorize } from './authorize.ts'
import { emailOf, nameOf, type Person } from './behaviours.ts'
import type { Grants } from './grants.ts'
import { misbehaveAtProfile, misbehaveAtToken, sendJson, sendPage } from './respond.ts'

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const kid = 'the-key'

const subOf = ({ login }: Person) => `user-${createHash('sha256').update(login).digest('hex')}`

/** What the provider says of somebody, in the token of identity and in the userinfo. */
function claimsOf(person: Person): Record<string, unknown> {
  const { login, asked } = person
  const verified = !asked.has('no-verified-email') && !asked.has('second-verified')
  return {
    ...(!asked.has('no-id') && { sub: asked.has('odd-id') ? 7 : subOf(person) }),
    name: nameOf(person),
    preferred_username: login,
    ...(!asked.has('no-emails') && { email: emailOf(person), email_verified: verified }),
  }
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenOf(header: object, claims: object, key: KeyObject | undefined): string {
  const content = `${part(header)}.${part(claims)}`
  const signature = key && sign('SHA256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' })
  return `${content}.${signature?.toString('base64url') ?? ''}`
}

type Given = { issuer: string; clientId: string; nonce: string | null; key: KeyObject }

function identityToken(person: Person, { issuer, clientId, nonce, key }: Given): string {
  const { asked } = person
  const { name, email, preferred_username, ...few } = claimsOf(person)
  const seconds = Math.floor(Date.now() / 1_000) - (asked.has('old-token') ? 7_200 : 0)
  const claims = {
    ...(asked.has('slim') ? few : { ...few, name, email, preferred_username }),
    iss: asked.has('bad-issuer') ? 'https://evil.example' : issuer,
    aud: asked.has('bad-audience') ? 'another-client' : clientId,
    iat: seconds,
    exp: seconds + 3_600,
    nonce: asked.has('bad-nonce') ? 'another' : nonce,
  }
  if (asked.has('unsigned')) return tokenOf({ alg: 'none' }, claims, undefined)
  const signer = asked.has('bad-signature') ? keyPair().privateKey : key
  return tokenOf({ alg: 'ES256', kid }, claims, signer)
}

type OidcProvider = {
  grants: Grants
  defaultLogin(): string | undefined
  /** Where it answers, which is its name as an issuer too. */
  issuer(): string
  /** Another origin of its own, where people sign in; some providers have one. */
  authorizeOrigin(): string
}

async function exchange(
  req: IncomingMessage,
  res: ServerResponse,
  { grants, issuer }: OidcProvider,
  key: KeyObject,
) {
  const form = new URLSearchParams(await text(req))
  const redeemed = grants.redeem(form)
  if (typeof redeemed === 'string') {
    const status = redeemed === 'invalid_client' ? 401 : 400
    const error = redeemed === 'redirect_uri_mismatch' ? 'invalid_grant' : redeemed
    return sendJson(res, status, { error, error_description: 'Bad Request' })
  }
  const { person, token, nonce } = redeemed
  if (await misbehaveAtToken(res, person)) return
  const given = { issuer: issuer(), clientId: grants.client.id, nonce, key }
  sendJson(res, 200, {
    access_token: token,
    expires_in: 3599,
    token_type: 'Bearer',
    ...(!person.asked.has('no-identity') && { id_token: identityToken(person, given) }),
  })
}

async function userinfo(req: IncomingMessage, res: ServerResponse, grants: Grants) {
  const person = grants.personWith(req.headers.authorization)
  if (!person) return sendJson(res, 401, { error: 'invalid_token' })
  if (await misbehaveAtProfile(res, person)) return
  const claims = claimsOf(person)
  sendJson(res, 200, person.asked.has('other-sub') ? { ...claims, sub: 'somebody' } : claims)
}

/** A provider of OpenID Connect: discovery, keys, authorize, exchange with a signed token, userinfo. */
export function oidcHandler(provider: OidcProvider) {
  const { privateKey, publicKey } = keyPair()
  const { grants, issuer, authorizeOrigin } = provider
  const metadata = () => ({
    issuer: issuer(),
    authorization_endpoint: `${authorizeOrigin()}/authorize`,
    token_endpoint: `${issuer()}/token`,
    userinfo_endpoint: `${issuer()}/userinfo`,
    jwks_uri: `${issuer()}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    authorization_response_iss_parameter_supported: true,
  })
  return (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '/', issuer())
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return sendJson(res, 200, metadata())
      case '/keys':
        return sendJson(res, 200, {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }],
        })
      case '/authorize':
        return authorize(res, url, grants, {
          title: 'Fake single sign-on',
          loginName: 'login_hint',
          defaultLogin: provider.defaultLogin(),
          issuer: issuer(),
        })
      case '/token':
        return exchange(req, res, provider, privateKey)
      case '/userinfo':
        return userinfo(req, res, grants)
      default:
        return sendPage(res, 404, 'Not Found')
    }
  }
}
