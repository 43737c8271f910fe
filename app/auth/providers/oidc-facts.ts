import type { ServerMetadata } from 'openid-client'
import { z } from 'zod'
import type { OidcFacts, OidcSettings } from '../../config/providers.ts'
import { ProviderTrouble, readJson, shaped } from './provider-answer.ts'

const address = z
  .string()
  .regex(/^https?:\/\//i)
  .refine(URL.canParse)
const texts = z.array(z.string()).optional()

/** OpenID Connect Discovery 1.0, section 3: what we use of it, and the rest as it is. */
const Metadata = z.looseObject({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  userinfo_endpoint: address.optional(),
  token_endpoint_auth_methods_supported: texts,
  id_token_signing_alg_values_supported: texts,
})

const place = '/.well-known/'
const withoutSlash = (text: string) => text.replace(/\/+$/, '')

/** Asks the provider; a `ProviderTrouble` where it does not answer, or is another than was named. */
export async function discover(
  { discoveryUrl }: OidcSettings,
  signal: AbortSignal,
): Promise<OidcFacts> {
  const [named = ''] = discoveryUrl.split(place)
  const issuer = withoutSlash(named)
  const url = discoveryUrl.includes(place) ? discoveryUrl : `${issuer}${place}openid-configuration`
  const answer = await readJson(url, { headers: { accept: 'application/json' }, signal })
  const metadata = shaped(Metadata, answer)
  // Section 4.3: else one provider could say who the people of another are.
  if (withoutSlash(metadata.issuer) !== issuer) throw new ProviderTrouble('misconfigured', 'issuer')
  return { metadata: metadata as ServerMetadata }
}
