import { Form } from '@remix-run/react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import type { KeyStatus } from '../../values/key-statuses.ts'

type FindKeysProps = {
  action: string
  filter: { name: string | null; status: KeyStatus | null }
}

const states = {
  active: 'Active',
  spent: 'Budget used up',
  disabled: 'Disabled',
  expired: 'Expired',
  revoked: 'Revoked',
} satisfies Record<KeyStatus, string>

/** Narrows the list of keys. It is sent as an address, which can be kept and passed on. */
export const FindKeys = ({ action, filter }: FindKeysProps) => (
  <Form
    method="get"
    action={action}
    // What was typed belongs to one address; another address brings its own.
    key={JSON.stringify(filter)}
    className="grid grid-cols-2 items-end gap-x-4 gap-y-3 px-4 pb-4 sm:grid-cols-[1fr_1fr_auto] sm:px-6 print:hidden"
  >
    <TextField name="name" label="Called" typed={filter.name ?? ''} isOptional />
    <SelectField name="status" label="State" chosen={filter.status ?? ''}>
      <option value="">Any</option>
      {Object.entries(states).map(([status, word]) => (
        <option key={status} value={status}>
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
