import { createHash } from 'node:crypto'
import { GoogleStrategy, type GoogleProfile } from 'remix-auth-google'
import { z } from 'zod'
import { readJson, shaped } from './provider-answer.ts'
import type { ProviderVisit } from './provider-visit.ts'
import { identityOf, type Identity } from './identity.ts'

const Tokens = z.object({ access_token: z.string().min(1) })
const Userinfo = z.object({
  sub: z.string().min(1),
  name: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().nullish(),
})

/**
 * Google. The package takes no addresses, knows no PKCE and waits without limit: all three are
 * added here, each in the place its class leaves for it.
 */
export class Google extends GoogleStrategy<Identity> {
  readonly #visit: ProviderVisit

  constructor(visit: ProviderVisit) {
    const { settings, redirectUri } = visit
    super(
      {
        clientID: settings.clientId,
        clientSecret: settings.clientSecret,
        callbackURL: redirectUri,
        scope: 'openid profile email',
      },
      ({ profile }) => Promise.resolve(identityOf('google', profile)),
    )
    this.authorizationURL = settings.authorizeUrl
    this.tokenURL = settings.tokenUrl
    this.#visit = visit
  }

  protected override authorizationParams(): URLSearchParams {
    const params = super.authorizationParams()
    const challenge = createHash('sha256').update(this.#visit.codeVerifier).digest('base64url')
    params.set('code_challenge', challenge)
    params.set('code_challenge_method', 'S256')
    return params
  }

  protected override async fetchAccessToken(code: string, params: URLSearchParams) {
    const { settings, codeVerifier, signal } = this.#visit
    params.set('code', code)
    params.set('code_verifier', codeVerifier)
    params.set('client_id', settings.clientId)
    params.set('client_secret', settings.clientSecret)
    const answer = await readJson(settings.tokenUrl, { method: 'POST', body: params, signal })
    const { access_token: accessToken } = shaped(Tokens, answer)
    return { accessToken, extraParams: {} as never }
  }

  protected override async userProfile(accessToken: string) {
    const { settings, signal } = this.#visit
    const headers = { authorization: `Bearer ${accessToken}` }
    const user = shaped(Userinfo, await readJson(settings.profileUrl, { headers, signal }))
    const email = user.email_verified === true ? user.email : undefined
    return {
      provider: 'google',
      id: user.sub,
      displayName: user.name || email?.split('@')[0] || 'Google user',
      emails: email ? [{ value: email }] : [],
    } as unknown as GoogleProfile
  }
}
