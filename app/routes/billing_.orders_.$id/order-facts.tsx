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
    plan: string | null
    isOpen: boolean
    createdAt: Date
    expiresAt: Date
    paidAt: Date | null
  }
  reversals: { id: number; state: ReversalState; amount: string; nanos: number; createdAt: Date }[]
}

/** What was ordered, for how much, and what of it went back. */
export const OrderFacts = ({ order, reversals }: OrderFactsProps) => {
  const facts: (Fact | false)[] = [
    { name: 'Order', value: <Id text={order.number} /> },
    { name: 'Through', value: providerWords[order.provider] },
    { name: 'To pay', value: order.amount },
    { name: 'Credit for it', value: <Money nanos={order.creditNanos} /> },
    order.rate !== null && { name: 'Rate', value: order.rate },
    { name: 'Made', value: <Time at={order.createdAt} /> },
    order.isOpen && { name: 'Can be paid until', value: <Time at={order.expiresAt} /> },
    order.paidAt !== null && { name: 'Paid', value: <Time at={order.paidAt} /> },
    order.cameAt !== null && { name: 'Came in', value: <Time at={order.cameAt} /> },
    order.came !== null && { name: 'Amount that came in', value: order.came },
    order.plan !== null && { name: 'Plan', value: order.plan },
    ...reversals.map(({ id, state, amount, nanos, createdAt }) => ({
      name: reversalWords[state],
      value: (
        <>
          <Time key={id} at={createdAt} /> {amount}, credit <Money nanos={-nanos} />
        </>
      ),
    })),
    order.takenNanos > 0 && {
      name: 'Credit that is left of it',
      value: <Money nanos={order.creditNanos - order.takenNanos} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}
