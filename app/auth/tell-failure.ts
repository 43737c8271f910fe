import { data } from '@remix-run/node'
import type { Fields } from '../telemetry/fields.ts'
import { failureFields } from '../telemetry/log.ts'
import type { Stores } from '../services.ts'
import type { ProviderName } from '../values/provider-names.ts'
import { wordsFor, type FailureWords, type SignInFailure } from './failures.ts'
import { ProviderTrouble } from './providers/provider-answer.ts'
import { providerLabel } from './providers/providers.ts'

/** Writes down a failure by the codes it has; what a provider said about it may be anything. */
export function logFailure(
  { log }: Pick<Stores, 'log'>,
  end: SignInFailure | ProviderTrouble,
  fields: Fields,
) {
  if (!(end instanceof ProviderTrouble))
    return log.info('sign_in_failed', { ...fields, failure: end })
  const { fault: failure, reason, cause } = end
  const { error, code } = cause === undefined ? {} : failureFields(cause)
  log.warn('sign_in_failed', { ...fields, failure, reason, error, code })
}

/** A failure in words, with the names that this relay has. */
export const failureIn = (
  { env }: Pick<Stores, 'env'>,
  provider: ProviderName,
  failure: SignInFailure,
): FailureWords =>
  wordsFor(failure, {
    provider: providerLabel(env, provider),
    address: env.APP_URL,
    domains: env.SIGN_UP_DOMAINS ?? [],
  })

/** What was to begin at a provider; where that has failed, its page is thrown. */
export function begun<T>(
  services: Pick<Stores, 'env' | 'log'>,
  { provider, requestId }: { provider: ProviderName; requestId: string },
  sent: T | ProviderTrouble,
): T {
  if (!(sent instanceof ProviderTrouble)) return sent
  logFailure(services, sent, { request: requestId, provider })
  const { title, text } = failureIn(services, provider, sent.fault)
  throw data({ title, message: text, requestId }, { status: 502 })
}
