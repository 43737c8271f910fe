import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { OrderStateBadge, providerWords } from '../../ui/account/order-words.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { msg } from '../../values/language/msg.ts'
import type { OrderState } from '../../values/payments/order-states.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'

type OrderStandingProps = {
  order: {
    state: OrderState
    provider: PaymentProviderName
    amount: string
    came: string | null
    payUrl: string | null
    isPaid: boolean
  }
  /** Somebody comes from the provider's page. */
  isBack: boolean
  receipt: string
}

const words: Record<Exclude<OrderState, 'unclear'>, MessageDescriptor> = {
  created: msg`The provider of the payment could not be reached. Nothing was paid.`,
  pending: msg`Nothing has come in yet.`,
  paid: msg`The payment has come in, and its credit was added to your balance.`,
  closed: msg`What came in was not booked, and goes back the way it came. Nothing was added.`,
  expired: msg`Nobody has paid in time, so nothing was charged and nothing was added.`,
  failed: msg`The payment did not go through, so nothing was added.`,
  refunded: msg`The payment was given back, and its credit was taken from your balance.`,
  disputed: msg`The payment is disputed at the bank of whoever paid. Its credit was taken from your balance until that is decided.`,
}

const Intent = ({ intent, children }: { intent: 'pay' | 'ask'; children: ReactNode }) => {
  const isPending = useNavigation().state === 'submitting'
  return (
    <PostForm replace>
      <input type="hidden" name="intent" value={intent} />
      <Button look={intent === 'pay' ? 'primary' : 'secondary'} isPending={isPending}>
        {children}
      </Button>
    </PostForm>
  )
}

/** What of a payment a person looks at. */
const Unclear = ({ amount, came }: { amount: string; came: string | null }) => {
  if (came === null)
    return <Trans>What has come in is not the {amount} that this order asked for.</Trans>
  if (came === amount)
    return <Trans>{came} have come in, and your account has no room for their credit.</Trans>
  return (
    <Trans>
      {came} have come in, and this order asked for {amount}.
    </Trans>
  )
}

/** Where an order stands, in words, and what can be done about it. */
export const OrderStanding = ({ order, isBack, receipt }: OrderStandingProps) => {
  const { t } = useLingui()
  const { state, amount, came, payUrl, isPaid } = order
  const provider = t(providerWords[order.provider])
  // Whoever runs the relay has it in hand.
  const isInHand = state === 'unclear' || state === 'closed'
  return (
    <div className="grid gap-4">
      <p className="flex flex-wrap items-center gap-2">
        <OrderStateBadge state={state} />
        <span>
          {state === 'unclear' ? <Unclear amount={amount} came={came} /> : t(words[state])}
        </span>
      </p>
      {state === 'unclear' && (
        <p>
          <Trans>
            Whoever runs this relay looks at it. Do not pay again: nothing of it is lost.
          </Trans>
        </p>
      )}
      {state === 'pending' && isBack && (
        <p className="text-sm text-muted" role="status">
          <Trans>
            If you have just paid, this page looks again by itself every few seconds until{' '}
            {provider} says so.
          </Trans>
        </p>
      )}
      <div className="flex flex-wrap gap-3 empty:hidden print:hidden">
        {state === 'created' && (
          <Intent intent="pay">
            <Trans>Try again</Trans>
          </Intent>
        )}
        {state === 'pending' && payUrl && (
          <ButtonLink to={payUrl} isLong>
            <Trans>
              Pay {amount} with {provider}
            </Trans>
          </ButtonLink>
        )}
        {!isPaid && !isInHand && state !== 'created' && (
          <Intent intent="ask">
            <Trans>I have paid: look now</Trans>
          </Intent>
        )}
        {isPaid && (
          <ButtonLink look="secondary" to={receipt}>
            <Trans context="of a payment">Receipt</Trans>
          </ButtonLink>
        )}
      </div>
    </div>
  )
}
