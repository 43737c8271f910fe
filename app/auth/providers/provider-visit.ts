import type { ProviderSettings } from '../../config/providers.ts'
import type { PageServices, Stores } from '../../services.ts'

export type SignInServices = Stores & Pick<PageServices, 'oidcFacts'>

/** One conversation with a provider: strategies are made for it and hold nothing beyond it. */
export type ProviderVisit = {
  settings: ProviderSettings
  redirectUri: string
  codeVerifier: string
  /** Ends every request to the provider. */
  signal: AbortSignal
}
