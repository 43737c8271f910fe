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
export type Providers = Partial<Record<ProviderName, ProviderSettings>>

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
})
type Variables = z.output<z.ZodObject<ReturnType<typeof providerVariables>>>

/** Names of the halves that are missing: a provider has both its id and its secret, or neither. */
export function missingHalves(env: Partial<Variables>): string[] {
  return providerNames
    .map((name) => name.toUpperCase() as Uppercase<ProviderName>)
    .flatMap((name) => {
      const [id, secret] = [`${name}_CLIENT_ID`, `${name}_CLIENT_SECRET`] as const
      if (Boolean(env[id]) === Boolean(env[secret])) return []
      return [env[id] ? secret : id]
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
  return providers
}
