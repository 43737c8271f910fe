import { Trans, useLingui } from '@lingui/react/macro'
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
  const { t } = useLingui()
  const { rate } = order
  const provider = t(providerWords[order.provider])
  const facts: (Fact | false)[] = [
    { name: t`Receipt and order`, value: <Id text={order.number} /> },
    order.paidAt !== null && {
      name: t({ message: 'Paid', context: 'when' }),
      value: (
        <Trans>
          <Time at={order.paidAt} isNamed />, through {provider}
        </Trans>
      ),
    },
    {
      name: t({ message: 'For', context: 'what was paid for' }),
      value: (
        <Trans>
          Credit of <Money nanos={order.creditNanos} /> for calls of the API, account No.{' '}
          {accountId}
        </Trans>
      ),
    },
    rate !== null && { name: t`Rate`, value: <Trans>{rate} for 1 USD</Trans> },
    { name: t`Amount paid`, value: <strong>{order.amount}</strong> },
    ...reversals
      .filter(({ state }) => gone.includes(state))
      .map(({ id, state, amount, createdAt }) => ({
        name: t(reversalWords[state]),
        value: (
          <Trans key={id}>
            <Time at={createdAt} isNamed />, {amount}
          </Trans>
        ),
      })),
  ]
  const sellerLines = seller ? `${seller.name}\n${seller.address}` : t`The operator of this relay`
  return (
    <div className="grid gap-6">
      <div className="grid gap-6 sm:grid-cols-2">
        <Party title={t`Seller`} lines={sellerLines} />
        <Party title={t`Customer`} lines={buyer.address ?? buyer.name} />
      </div>
      <Facts facts={facts.filter((fact) => fact !== false)} />
    </div>
  )
}
