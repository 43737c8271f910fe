import type { ProviderSettings } from '../config/providers.ts'

/** One conversation with a provider: strategies are made for it and hold nothing beyond it. */
export type ProviderVisit = {
  settings: ProviderSettings
  redirectUri: string
  codeVerifier: string
  /** Ends every request to the provider. */
  signal: AbortSignal
}
