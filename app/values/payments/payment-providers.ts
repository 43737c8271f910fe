/** Whom people can pay through. */
export const paymentProviderNames = ['stripe', 'epay'] as const
export type PaymentProviderName = (typeof paymentProviderNames)[number]
