import type { ExportedJWKSCache, ServerMetadata } from 'openid-client'
import { z } from 'zod'
import { providerNames, type ProviderName } from '../values/provider-names.ts'

/** One provider as it is configured: our credentials with it, and where it answers. */
export type ProviderSettings = {
  clientId: string
  clientSecret: string
  authorizeUrl: string
  tokenUrl: string
  /** GitHub: where its API begins. Google: its userinfo. */
  profileUrl: string
}

/** Any other provider that speaks OpenID Connect: where it says all else, and what it is called here. */
export type OidcSettings = {
  clientId: string
  clientSecret: string
  discoveryUrl: string
  scopes: string
  name: string
}
/** What such a provider says of itself, and its keys, as far as they were asked for. */
export type OidcFacts = { metadata: ServerMetadata; jwks?: ExportedJWKSCache }

export type Providers = {
  github?: ProviderSettings
  google?: ProviderSettings
  oidc?: OidcSettings
}

const given = z.string().min(1).optional()

/** The variables of all providers; `url` is the check that every address goes through. */
export const providerVariables = (url: z.ZodType<string>) => ({
  GITHUB_CLIENT_ID: given,
  GITHUB_CLIENT_SECRET: given,
  GITHUB_AUTHORIZE_URL: url.default('https://github.com/login/oauth/authorize'),
  GITHUB_TOKEN_URL: url.default('https://github.com/login/oauth/access_token'),
  GITHUB_API_URL: url.default('https://api.github.com'),
  GOOGLE_CLIENT_ID: given,
  GOOGLE_CLIENT_SECRET: given,
  GOOGLE_AUTHORIZE_URL: url.default('https://accounts.google.com/o/oauth2/v2/auth'),
  GOOGLE_TOKEN_URL: url.default('https://oauth2.googleapis.com/token'),
  GOOGLE_USERINFO_URL: url.default('https://openidconnect.googleapis.com/v1/userinfo'),
  OIDC_CLIENT_ID: given,
  OIDC_CLIENT_SECRET: given,
  /** The issuer, or the address of its discovery document below it. */
  OIDC_DISCOVERY_URL: url.optional(),
  OIDC_SCOPES: z
    .string()
    .transform((text) =>
      text
        .trim()
        .split(/[\s,]+/)
        .join(' '),
    )
    .refine(
      (text) => /^[\w:./ -]+$/.test(text) && text.split(' ').includes('openid'),
      'must be names with blanks between them, openid among them, such as openid profile email',
    )
    .default('openid profile email'),
  /** What the provider is called on a button: Continue with … */
  OIDC_NAME: z
    .string()
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,40}$/u, 'must be a name of at most 40 characters, in one line')
    .default('Single sign-on'),
})
type Variables = z.output<z.ZodObject<ReturnType<typeof providerVariables>>>

/** All of these, or none: what a provider cannot do without. */
const parts = {
  github: ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  google: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  oidc: ['OIDC_DISCOVERY_URL', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
} satisfies Record<ProviderName, (keyof Variables)[]>

/** Names of what is missing beside what is there of a provider; what is wrong is not missing. */
export function missingHalves(env: Record<string, string | undefined>): string[] {
  return providerNames.flatMap((name) => {
    const missing = parts[name].filter((part) => !env[part])
    return missing.length < parts[name].length ? missing : []
  })
}

/** The providers that have credentials. */
export function providersOf(env: Variables): Providers {
  const providers: Providers = {}
  if (env.GITHUB_CLIENT_ID && env.GITHUB_CLIENT_SECRET) {
    providers.github = {
      clientId: env.GITHUB_CLIENT_ID,
      clientSecret: env.GITHUB_CLIENT_SECRET,
      authorizeUrl: env.GITHUB_AUTHORIZE_URL,
      tokenUrl: env.GITHUB_TOKEN_URL,
      profileUrl: env.GITHUB_API_URL.replace(/\/+$/, ''),
    }
  }
  if (env.GOOGLE_CLIENT_ID && env.GOOGLE_CLIENT_SECRET) {
    providers.google = {
      clientId: env.GOOGLE_CLIENT_ID,
      clientSecret: env.GOOGLE_CLIENT_SECRET,
      authorizeUrl: env.GOOGLE_AUTHORIZE_URL,
      tokenUrl: env.GOOGLE_TOKEN_URL,
      profileUrl: env.GOOGLE_USERINFO_URL,
    }
  }
  if (env.OIDC_DISCOVERY_URL && env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET) {
    providers.oidc = {
      clientId: env.OIDC_CLIENT_ID,
      clientSecret: env.OIDC_CLIENT_SECRET,
      discoveryUrl: env.OIDC_DISCOVERY_URL,
      scopes: env.OIDC_SCOPES,
      name: env.OIDC_NAME,
    }
  }
  return providers
}

/** Where a form that signs in may lead to, as far as it is known without asking anybody. */
export function signInOrigins({ github, google, oidc }: Providers): string[] {
  const addresses = [github?.authorizeUrl, google?.authorizeUrl, oidc?.discoveryUrl]
  return [...new Set(addresses.flatMap((it) => (it === undefined ? [] : new URL(it).origin)))]
}
