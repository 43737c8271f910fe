import { useLingui } from '@lingui/react/macro'
import { OrderStateBadge, providerWords } from '../../ui/account/order-words.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { OrderState } from '../../values/payments/order-states.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'

type ListedOrder = {
  number: string
  state: OrderState
  provider: PaymentProviderName
  amount: string
  creditNanos: number
  createdAt: Date
}

/** Enough of a number to tell one's orders apart; the whole is on the order's page. */
const digitsShown = 8

export const OrdersTable = ({
  orders,
  orderPath,
}: {
  orders: ListedOrder[]
  orderPath: (number: string) => string
}) => {
  const { t } = useLingui()
  const heads = [
    { text: t`Order` },
    { text: t`Made` },
    { text: t`State` },
    { text: t`Through` },
    { text: t`To pay`, isNumber: true },
    { text: t`Credit`, isNumber: true },
  ]
  return (
    <Table label={t`Orders`} heads={heads}>
      {orders.map(({ number, state, provider, amount, creditNanos, createdAt }) => {
        const digits = number.slice(0, digitsShown)
        return (
          <Row key={number}>
            <Cell narrow="max-md:font-semibold">
              <TextLink to={orderPath(number)} label={t`Order ${digits}`}>
                {digits}
              </TextLink>
            </Cell>
            <Cell narrow="max-sm:text-right">
              <Time at={createdAt} to="minute" />
            </Cell>
            <Cell>
              <OrderStateBadge state={state} />
            </Cell>
            <Cell>{t(providerWords[provider])}</Cell>
            <Cell label={t`To pay`} isNumber>
              {amount}
            </Cell>
            <Cell label={t`Credit`} isNumber>
              <Money nanos={creditNanos} />
            </Cell>
          </Row>
        )
      })}
    </Table>
  )
}
