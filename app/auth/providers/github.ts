import type { SessionStorage } from '@remix-run/node'
import type { AuthenticateOptions } from 'remix-auth'
import { GitHubStrategy, type GitHubProfile } from 'remix-auth-github'
import { z } from 'zod'
import { readJson, shaped } from './provider-answer.ts'
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

/**
 * GitHub, or a GitHub Enterprise server. The profile is read here because the package's own reading
 * has no limit in time and takes an error for a person without an e-mail.
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

  /**
   * The package gives the request's signal to the visit. One that a Request merely follows is
   * lost when the garbage collector takes the Request it follows (Node 20, measured: the visit
   * then waits for ever), so it gets the signal itself.
   */
  override authenticate(
    request: Request,
    storage: SessionStorage,
    options: AuthenticateOptions,
  ): Promise<Identity> {
    Object.defineProperty(request, 'signal', { value: this.#visit.signal })
    return super.authenticate(request, storage, options)
  }

  protected override async userProfile({ access_token }: { access_token: string }) {
    const { settings, signal } = this.#visit
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${access_token}`,
      'user-agent': 'ai-api-relay',
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
