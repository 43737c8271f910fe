import { Form } from '@remix-run/react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { orderStateWords } from '../../ui/account/order-words.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import type { OrderState } from '../../values/payments/order-states.ts'

type FindOrdersProps = { action: string; filter: { number: string; state: OrderState | null } }

/** Narrows the list of orders. It is sent as an address, which can be kept and passed on. */
export const FindOrders = ({ action, filter }: FindOrdersProps) => (
  <Form
    method="get"
    action={action}
    // What was typed belongs to one address; another address brings its own.
    key={JSON.stringify(filter)}
    className="grid grid-cols-2 items-end gap-x-4 gap-y-3 px-4 pb-4 sm:grid-cols-[1fr_1fr_auto] sm:px-6 print:hidden"
  >
    <TextField name="number" label="Number begins with" typed={filter.number} isOptional />
    <SelectField name="state" label="State" chosen={filter.state ?? ''}>
      <option value="">Any</option>
      {Object.entries(orderStateWords).map(([state, word]) => (
        <option key={state} value={state}>
          {word}
        </option>
      ))}
    </SelectField>
    <div className="col-span-2 flex gap-3 sm:col-span-1">
      <Button look="secondary">Find</Button>
      <ButtonLink look="secondary" to={action}>
        Clear
      </ButtonLink>
    </div>
  </Form>
)
