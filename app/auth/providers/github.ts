import type { SessionStorage } from '@remix-run/node'
import type { AuthenticateOptions } from 'remix-auth'
import { GitHubStrategy, type GitHubProfile } from 'remix-auth-github'
import { z } from 'zod'
import { ProviderTrouble, readJson, shaped } from './provider-answer.ts'
import type { ProviderVisit } from './provider-visit.ts'
import { identityOf, type Identity } from './identity.ts'

const User = z.object({
  id: z.number().int().positive(),
  login: z.string(),
  name: z.string().nullish(),
})
const Emails = z.array(
  z.object({ email: z.string(), verified: z.boolean(), primary: z.boolean().default(false) }),
)

const userAgent = 'ai-api-relay'
const Tokens = z.object({ access_token: z.string().min(1) })

/**
 * GitHub, or a GitHub Enterprise server. The package sends people there; what is asked of GitHub is
 * asked here, because the package's own asking has no limit in bytes, goes where a redirect points
 * with our secret, and takes an error for a person without an e-mail.
 */
export class GitHub extends GitHubStrategy<Identity> {
  readonly #visit: ProviderVisit

  constructor(visit: ProviderVisit) {
    const { settings, redirectUri } = visit
    super(
      {
        clientId: settings.clientId,
        clientSecret: settings.clientSecret,
        redirectURI: redirectUri,
        authorizationEndpoint: settings.authorizeUrl,
        tokenEndpoint: settings.tokenUrl,
      },
      ({ profile }) => Promise.resolve(identityOf('github', profile)),
    )
    this.#visit = visit
  }

  /** Without a state it is the way there; one that has come back was compared by whoever asks this. */
  override async authenticate(
    request: Request,
    storage: SessionStorage,
    options: AuthenticateOptions,
  ): Promise<Identity> {
    const { searchParams } = new URL(request.url)
    if (!searchParams.has('state')) return super.authenticate(request, storage, options)
    const code = searchParams.get('code')
    if (code === null) throw new ProviderTrouble('provider-answer', 'no_code')
    return identityOf('github', await this.userProfile(await this.#exchange(code)))
  }

  async #exchange(code: string) {
    const { settings, redirectUri, codeVerifier, signal } = this.#visit
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
    })
    const headers = { accept: 'application/json', 'user-agent': userAgent }
    const ask = { method: 'POST', headers, body, signal }
    return shaped(Tokens, await readJson(settings.tokenUrl, ask))
  }

  protected override async userProfile({ access_token }: { access_token: string }) {
    const { settings, signal } = this.#visit
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${access_token}`,
      'user-agent': userAgent,
    }
    const read = (path: string) => readJson(settings.profileUrl + path, { headers, signal })
    const [userAnswer, emailsAnswer] = await Promise.all([read('/user'), read('/user/emails')])
    const user = shaped(User, userAnswer)
    const verified = shaped(Emails, emailsAnswer).filter((it) => it.verified)
    const [best = [], others = []] = [true, false].map((isPrimary) =>
      verified.filter(({ primary }) => primary === isPrimary),
    )
    return {
      provider: 'github',
      id: String(user.id),
      displayName: user.name || user.login,
      emails: [...best, ...others].map(({ email }) => ({ value: email })),
    } as unknown as GitHubProfile
  }
}
