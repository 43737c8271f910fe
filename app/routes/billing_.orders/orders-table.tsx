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

const heads = [
  { text: 'Order' },
  { text: 'Made' },
  { text: 'State' },
  { text: 'Through' },
  { text: 'To pay', isNumber: true },
  { text: 'Credit', isNumber: true },
]
/** Enough of a number to tell one's orders apart; the whole is on the order's page. */
const digitsShown = 8

export const OrdersTable = ({
  orders,
  orderPath,
}: {
  orders: ListedOrder[]
  orderPath: (number: string) => string
}) => (
  <Table label="Orders" heads={heads}>
    {orders.map(({ number, state, provider, amount, creditNanos, createdAt }) => (
      <Row key={number}>
        <Cell narrow="max-md:font-semibold">
          <TextLink to={orderPath(number)} label={`Order ${number.slice(0, digitsShown)}`}>
            {number.slice(0, digitsShown)}
          </TextLink>
        </Cell>
        <Cell narrow="max-sm:text-right">
          <Time at={createdAt} to="minute" />
        </Cell>
        <Cell>
          <OrderStateBadge state={state} />
        </Cell>
        <Cell>{providerWords[provider]}</Cell>
        <Cell label="To pay" isNumber>
          {amount}
        </Cell>
        <Cell label="Credit" isNumber>
          <Money nanos={creditNanos} />
        </Cell>
      </Row>
    ))}
  </Table>
)
