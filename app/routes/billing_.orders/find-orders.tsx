import { useLingui } from '@lingui/react/macro'
import { orderStateWords } from '../../ui/account/order-words.tsx'
import { FindForm } from '../../ui/account/find-form.tsx'
import { orderStates, type OrderState } from '../../values/payments/order-states.ts'

type FindOrdersProps = { action: string; filter: { number: string; state: OrderState | null } }

/** Narrows the list of orders. */
export const FindOrders = ({ action, filter }: FindOrdersProps) => {
  const { t } = useLingui()
  const words = Object.fromEntries(orderStates.map((state) => [state, t(orderStateWords[state])]))
  return (
    <FindForm
      action={action}
      text={{ name: 'number', label: t`Number begins with`, typed: filter.number }}
      state={{ name: 'state', chosen: filter.state, words }}
    />
  )
}
