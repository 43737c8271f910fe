import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { closeServer, listen } from '../../command/listen.ts'
import { githubHandler } from './github.ts'
import { googleHandler } from './google.ts'
import { Grants } from './grants.ts'
import { oidcHandler } from './oidc.ts'

export type FakeProviders = {
  github: { url: string }
  google: { url: string }
  oidc: { url: string }
  /** The variables that make a relay sign people in here. */
  env: Record<string, string>
  /** Those of the provider of OIDC, which is there besides where somebody wants it. */
  oidcEnv: Record<string, string>
  /** Whoever comes is this person, without a form; undefined shows the form again. */
  signedInAs(login: string | undefined): void
  close(): Promise<void>
}

type FakeProvidersOptions = {
  githubPort?: number
  googlePort?: number
  oidcPort?: number
  /** People sign in at the provider of OIDC at another origin than where it is discovered. */
  isApart?: boolean
  /** How long a code can be exchanged; GitHub's own is ten minutes. */
  codeMs?: number
}

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<unknown> | unknown

async function serve(handler: Handler, port: number) {
  const server = createServer((req, res) => {
    Promise.resolve(handler(req, res)).catch(() => res.destroy())
  })
  const url = `http://127.0.0.1:${await listen(server, port)}`
  return { url, close: () => closeServer(server) }
}

const newClient = (id: string) => ({ id, secret: randomBytes(16).toString('hex') })

/**
 * Starts a GitHub, a Google and a provider of OIDC on the loopback interface, each a real HTTP
 * server of its own origin, with the true redirects, one-time codes, PKCE and profiles, that
 * misbehave on request (see `behaviours`).
 */
export async function startFakeProviders(
  options: FakeProvidersOptions = {},
): Promise<FakeProviders> {
  const {
    githubPort = 0,
    googlePort = 0,
    oidcPort = 0,
    isApart = false,
    codeMs = 600_000,
  } = options
  let login: string | undefined
  const clients = {
    github: newClient('Iv1.fake'),
    google: newClient('fake.apps.example'),
    oidc: newClient('fake-oidc'),
  }
  const forGithub = githubHandler(new Grants(clients.github, codeMs), () => login)
  const forGoogle = googleHandler(new Grants(clients.google, codeMs), () => login)
  const github = await serve(forGithub, githubPort)
  const google = await serve(forGoogle, googlePort)
  const forOidc = oidcHandler({
    grants: new Grants(clients.oidc, codeMs),
    defaultLogin: () => login,
    issuer: () => oidc.url,
    // The same server by its other name: to a browser that is another site.
    authorizeOrigin: () => (isApart ? oidc.url.replace('127.0.0.1', 'localhost') : oidc.url),
  })
  const oidc = await serve(forOidc, oidcPort)
  return {
    github: { url: github.url },
    google: { url: google.url },
    oidc: { url: oidc.url },
    oidcEnv: {
      OIDC_DISCOVERY_URL: oidc.url,
      OIDC_CLIENT_ID: clients.oidc.id,
      OIDC_CLIENT_SECRET: clients.oidc.secret,
      OIDC_NAME: 'Example SSO',
    },
    env: {
      GITHUB_CLIENT_ID: clients.github.id,
      GITHUB_CLIENT_SECRET: clients.github.secret,
      GITHUB_AUTHORIZE_URL: `${github.url}/login/oauth/authorize`,
      GITHUB_TOKEN_URL: `${github.url}/login/oauth/access_token`,
      GITHUB_API_URL: github.url,
      GOOGLE_CLIENT_ID: clients.google.id,
      GOOGLE_CLIENT_SECRET: clients.google.secret,
      GOOGLE_AUTHORIZE_URL: `${google.url}/o/oauth2/v2/auth`,
      GOOGLE_TOKEN_URL: `${google.url}/token`,
      GOOGLE_USERINFO_URL: `${google.url}/v1/userinfo`,
    },
    signedInAs: (next) => void (login = next),
    async close() {
      await Promise.all([github.close(), google.close(), oidc.close()])
    },
  }
}
