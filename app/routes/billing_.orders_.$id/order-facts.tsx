import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { providerWords, reversalWords } from '../../ui/account/order-words.tsx'
import { Facts, Id, type Fact } from '../../ui/facts.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'
import type { ReversalState } from '../../values/payments/order-states.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'

type OrderFactsProps = {
  order: {
    number: string
    provider: PaymentProviderName
    amount: string
    /** What has come in that could not be booked as it was, as far as can be said, and when. */
    came: string | null
    cameAt: Date | null
    rate: string | null
    creditNanos: number
    takenNanos: number
    /** What becomes of the plan that it is for. */
    plan: MessageDescriptor | null
    isOpen: boolean
    createdAt: Date
    expiresAt: Date
    paidAt: Date | null
  }
  reversals: { id: number; state: ReversalState; amount: string; nanos: number; createdAt: Date }[]
}

/** What was ordered, for how much, and what of it went back. */
export const OrderFacts = ({ order, reversals }: OrderFactsProps) => {
  const { t } = useLingui()
  const { rate } = order
  const facts: (Fact | false)[] = [
    { name: t`Order`, value: <Id text={order.number} /> },
    { name: t`Through`, value: t(providerWords[order.provider]) },
    { name: t`To pay`, value: order.amount },
    { name: t`Credit for it`, value: <Money nanos={order.creditNanos} /> },
    rate !== null && { name: t`Rate`, value: <Trans>{rate} for 1 USD</Trans> },
    { name: t`Made`, value: <Time at={order.createdAt} /> },
    order.isOpen && { name: t`Can be paid until`, value: <Time at={order.expiresAt} /> },
    order.paidAt !== null && {
      name: t({ message: 'Paid', context: 'when' }),
      value: <Time at={order.paidAt} />,
    },
    order.cameAt !== null && { name: t`Came in`, value: <Time at={order.cameAt} /> },
    order.came !== null && { name: t`Amount that came in`, value: order.came },
    order.plan !== null && { name: t`Plan`, value: t(order.plan) },
    ...reversals.map(({ id, state, amount, nanos, createdAt }) => ({
      name: t(reversalWords[state]),
      value: (
        <Trans key={id}>
          <Time at={createdAt} /> {amount}, credit <Money nanos={-nanos} />
        </Trans>
      ),
    })),
    order.takenNanos > 0 && {
      name: t`Credit that is left of it`,
      value: <Money nanos={order.creditNanos - order.takenNanos} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}
