import { orderStateWords } from '../../ui/account/order-words.tsx'
import { FindForm } from '../../ui/account/find-form.tsx'
import type { OrderState } from '../../values/payments/order-states.ts'

type FindOrdersProps = { action: string; filter: { number: string; state: OrderState | null } }

/** Narrows the list of orders. */
export const FindOrders = ({ action, filter }: FindOrdersProps) => (
  <FindForm
    action={action}
    text={{ name: 'number', label: 'Number begins with', typed: filter.number }}
    state={{ name: 'state', chosen: filter.state, words: orderStateWords }}
  />
)
