import { limits } from '../config/limits.ts'
import type { PaymentSettings } from '../config/payments.ts'
import type { Proxies } from '../config/proxies.ts'
import type { PaymentProviders } from './provider.ts'

type Needs = { APP_URL: string; payments: PaymentSettings; proxies: Proxies | undefined }

/**
 * The ways to pay that are configured. Each is loaded where it is needed: the package of Stripe
 * takes megabytes, and who sells by hand has no use for them.
 */
export async function createProviders(
  { APP_URL: appUrl, payments, proxies }: Needs,
  askMsMax: number = limits.payments.askMsMax,
): Promise<PaymentProviders> {
  const shared = { appUrl, proxies, askMsMax }
  const providers: PaymentProviders = {}
  if (payments.stripe) {
    const { stripeProvider } = await import('./stripe/stripe.ts')
    providers.stripe = stripeProvider({ ...shared, settings: payments.stripe })
  }
  if (payments.epay) {
    const { epayProvider } = await import('./epay/epay.ts')
    providers.epay = epayProvider({ ...shared, settings: payments.epay })
  }
  return providers
}
