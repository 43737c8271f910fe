import type Stripe from 'stripe'
import type { Fact, ReversalFact } from '../provider.ts'

const nothing: Fact = { about: 'nothing' }

/** Stripe names what belongs to something by its id, or puts it there whole. */
export const idIn = (it: string | { id: string } | null | undefined): string | null =>
  typeof it === 'string' ? it : (it?.id ?? null)

/**
 * What a checkout that has ended says of its order. Its metadata are what we have put there
 * ourselves, and nobody else can: not so `client_reference_id`, which whoever opens a payment link
 * writes into its address, nor anything that a payer is asked for. Amount, currency and state are
 * Stripe's word.
 */
function ofSession(session: Stripe.Checkout.Session, state: 'paid' | 'expired' | 'failed'): Fact {
  const orderId = session.metadata?.order ?? ''
  const providerRef = session.id
  if (state !== 'paid') return { about: 'end', orderId, providerRef, state }
  // A transfer that is on its way has an event of its own when it has come.
  if (session.payment_status !== 'paid') return nothing
  return {
    about: 'payment',
    orderId,
    providerRef,
    paymentRef: idIn(session.payment_intent),
    currency: session.currency ?? '',
    amountMinor: session.amount_total ?? -1,
  }
}

function ofRefund(refund: Stripe.Refund): Fact {
  const paymentRef = idIn(refund.payment_intent)
  if (paymentRef === null) return nothing
  const own = Number(refund.metadata?.reversal)
  const isBack = refund.status === 'failed' || refund.status === 'canceled'
  return {
    about: 'reversal',
    kind: 'refund',
    ref: refund.id,
    paymentRef,
    ownId: Number.isSafeInteger(own) && own > 0 ? own : null,
    // One that is on its way has left the operator's balance.
    state: isBack ? 'failed' : 'done',
    currency: refund.currency,
    amountMinor: refund.amount,
  }
}

/** An inquiry of a bank, whose state begins with `warning_`, takes no money. */
function disputeState(type: string, { status }: Stripe.Dispute): ReversalFact['state'] | undefined {
  if (type === 'charge.dispute.funds_withdrawn') return 'opened'
  if (type === 'charge.dispute.funds_reinstated') return 'won'
  if (status === 'won') return 'won'
  if (status === 'lost') return 'lost'
  return status === 'needs_response' || status === 'under_review' ? 'opened' : undefined
}

function ofDispute(type: string, dispute: Stripe.Dispute): Fact {
  const paymentRef = idIn(dispute.payment_intent)
  const state = disputeState(type, dispute)
  if (paymentRef === null || state === undefined) return nothing
  const { id: ref, currency, amount: amountMinor } = dispute
  const common = { about: 'reversal', kind: 'dispute', ownId: null } as const
  return { ...common, ref, paymentRef, state, currency, amountMinor }
}

/** What an event of Stripe's says about an order; of the many others, nothing. */
export function factOf(event: Stripe.Event): Fact {
  if (
    event.type === 'checkout.session.completed' ||
    event.type === 'checkout.session.async_payment_succeeded'
  )
    return ofSession(event.data.object, 'paid')
  if (event.type === 'checkout.session.expired') return ofSession(event.data.object, 'expired')
  if (event.type === 'checkout.session.async_payment_failed')
    return ofSession(event.data.object, 'failed')
  if (
    event.type === 'refund.created' ||
    event.type === 'refund.updated' ||
    event.type === 'refund.failed'
  )
    return ofRefund(event.data.object)
  if (
    event.type === 'charge.dispute.created' ||
    event.type === 'charge.dispute.updated' ||
    event.type === 'charge.dispute.closed' ||
    event.type === 'charge.dispute.funds_withdrawn' ||
    event.type === 'charge.dispute.funds_reinstated'
  )
    return ofDispute(event.type, event.data.object)
  return nothing
}
