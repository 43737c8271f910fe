import { providerWords, reversalWords } from '../../ui/account/order-words.tsx'
import { Facts, Id, type Fact } from '../../ui/facts.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'
import type { ReversalState } from '../../values/payments/order-states.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'

type ReceiptPaperProps = {
  order: {
    number: string
    provider: PaymentProviderName
    amount: string
    rate: string | null
    creditNanos: number
    paidAt: Date | null
  }
  reversals: { id: number; state: ReversalState; amount: string; createdAt: Date }[]
  seller: { name: string; address: string } | null
  buyer: { name: string; address: string | null }
  accountId: number
}

const Party = ({ title, lines }: { title: string; lines: string }) => (
  <div>
    <h2 className="text-sm font-semibold text-muted">{title}</h2>
    <address className="wrap-anywhere whitespace-pre-line not-italic">{lines}</address>
  </div>
)

const gone: readonly ReversalState[] = ['done', 'opened', 'lost']

/** Who has paid whom, how much, for what, and what of it went back. */
export const ReceiptPaper = ({ order, reversals, seller, buyer, accountId }: ReceiptPaperProps) => {
  const facts: (Fact | false)[] = [
    { name: 'Receipt and order', value: <Id text={order.number} /> },
    order.paidAt !== null && {
      name: 'Paid',
      value: (
        <>
          <Time at={order.paidAt} isNamed />, through {providerWords[order.provider]}
        </>
      ),
    },
    {
      name: 'For',
      value: (
        <>
          Credit of <Money nanos={order.creditNanos} /> for calls of the API, account No.{' '}
          {accountId}
        </>
      ),
    },
    order.rate !== null && { name: 'Rate', value: order.rate },
    { name: 'Amount paid', value: <strong>{order.amount}</strong> },
    ...reversals
      .filter(({ state }) => gone.includes(state))
      .map(({ id, state, amount, createdAt }) => ({
        name: reversalWords[state],
        value: (
          <>
            <Time key={id} at={createdAt} isNamed />, {amount}
          </>
        ),
      })),
  ]
  const sellerLines = seller ? `${seller.name}\n${seller.address}` : 'The operator of this relay'
  return (
    <div className="grid gap-6">
      <div className="grid gap-6 sm:grid-cols-2">
        <Party title="Seller" lines={sellerLines} />
        <Party title="Customer" lines={buyer.address ?? buyer.name} />
      </div>
      <Facts facts={facts.filter((fact) => fact !== false)} />
    </div>
  )
}
