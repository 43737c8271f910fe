import { z } from 'zod'
import { parseRate } from '../values/payments/payment-money.ts'
import { parseUsd } from '../values/money.ts'
import { paymentLimits } from './bounds/payment-limits.ts'

const { amountsMax, amountUsdMax } = paymentLimits.payments
const nanosPerCent = 10_000_000

/** Stripe as it is configured, and where it answers. */
export type StripeSettings = { secretKey: string; webhookSecret: string; apiUrl: string }
/** A gateway of epay's kind: where it is, who we are to it, and what a dollar costs in yuan. */
export type EpaySettings = { url: string; merchant: string; key: string; rate: number }
/** How people pay, in what amounts of credit, and who is paid. */
export type PaymentSettings = {
  /** In nano-dollars, as the operator has put them. */
  amounts: readonly number[]
  stripe?: StripeSettings
  epay?: EpaySettings
  /** Who sells: a name, and an address in lines, for receipts. */
  seller: { name: string; address: string } | null
}

/** An amount that people can be asked for to the cent. */
function amountOf(text: string): number | undefined {
  const nanos = parseUsd(text.trim())
  const isAmount = nanos !== undefined && nanos > 0 && nanos % nanosPerCent === 0
  return isAmount && nanos <= amountUsdMax * 1e9 ? nanos : undefined
}

const amounts = z
  .string()
  .transform((text) => text.split(',').map(amountOf))
  .refine(
    (all) =>
      all.length <= amountsMax && new Set(all).size === all.length && !all.includes(undefined),
    `must be up to ${amountsMax} different amounts of dollars with commas between them, such as 5,10,20`,
  )
  .transform((all) => all.filter((nanos) => nanos !== undefined))

const secret = (form: RegExp, words: string) => z.string().trim().regex(form, words).optional()

/** The variables of all ways to pay; `url` is the check that every address goes through. */
export const paymentVariables = (url: z.ZodType<string>) => ({
  /** What people may add to their balance, in dollars of credit. */
  TOP_UP_AMOUNTS: amounts.optional(),
  STRIPE_SECRET_KEY: secret(/^(sk|rk)_\w{8,}$/, 'must be a key as Stripe shows it: sk_… or rk_…'),
  /** Whoever knows it can make events that are believed. */
  STRIPE_WEBHOOK_SECRET: secret(
    /^whsec_[\w+/=-]{16,}$/,
    'must be the signing secret that Stripe shows with the webhook endpoint: whsec_…',
  ),
  STRIPE_API_URL: url.default('https://api.stripe.com'),
  EPAY_URL: url.optional(),
  EPAY_PID: secret(/^[\w-]{1,64}$/, 'must be the number of a merchant'),
  EPAY_KEY: secret(/^\S{16,}$/, 'must be the key of the merchant, of 16 characters or more'),
  EPAY_CNY_PER_USD: z
    .string()
    .transform((text) => parseRate(text) ?? 0)
    .refine((rate) => rate > 0, 'must be yuan for a dollar, such as 7.2, with up to six decimals')
    .optional(),
  /** Who is paid, as it stands on receipts; `\n` in the address begins a line. */
  SELLER_NAME: z.string().max(200).optional(),
  SELLER_ADDRESS: z.string().max(500).optional(),
})
type Variables = z.output<z.ZodObject<ReturnType<typeof paymentVariables>>>
export type PaymentVariables = keyof Variables

const together = [
  ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  ['EPAY_URL', 'EPAY_PID', 'EPAY_KEY', 'EPAY_CNY_PER_USD'],
  ['SELLER_NAME', 'SELLER_ADDRESS'],
] as const

/** Names that are missing: what belongs together is there as a whole, or not at all. */
export const missingOfPayments = (given: Partial<Record<PaymentVariables, unknown>>): string[] =>
  together.flatMap((names) =>
    names.some((name) => given[name]) ? names.filter((name) => !given[name]) : [],
  )

const usualAmounts = [5, 10, 20, 50, 100].map((usd) => usd * 1e9)

/** The ways to pay that are configured. */
export function paymentsOf(env: Variables): PaymentSettings {
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, EPAY_URL, EPAY_PID, EPAY_KEY } = env
  const settings: PaymentSettings = {
    amounts: env.TOP_UP_AMOUNTS ?? usualAmounts,
    seller:
      env.SELLER_NAME && env.SELLER_ADDRESS
        ? { name: env.SELLER_NAME, address: env.SELLER_ADDRESS.replaceAll('\\n', '\n') }
        : null,
  }
  if (STRIPE_SECRET_KEY && STRIPE_WEBHOOK_SECRET) {
    settings.stripe = {
      secretKey: STRIPE_SECRET_KEY,
      webhookSecret: STRIPE_WEBHOOK_SECRET,
      apiUrl: env.STRIPE_API_URL.replace(/\/+$/, ''),
    }
  }
  if (EPAY_URL && EPAY_PID && EPAY_KEY && env.EPAY_CNY_PER_USD) {
    const url = EPAY_URL.replace(/\/+$/, '')
    settings.epay = { url, merchant: EPAY_PID, key: EPAY_KEY, rate: env.EPAY_CNY_PER_USD }
  }
  return settings
}
