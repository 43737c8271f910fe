import { Form } from '@remix-run/react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format/numbers.tsx'

type FindModelsProps = { action: string; find: string; total: number }

/** Narrows the list of models, by an address that can be kept and passed on. */
export const FindModels = ({ action, find, total }: FindModelsProps) => (
  <Form
    method="get"
    action={action}
    key={find}
    role="search"
    className="flex flex-wrap items-end gap-x-4 gap-y-3 px-4 pt-1 pb-4 sm:px-6 print:hidden"
  >
    <div className="min-w-48 flex-1">
      <TextField name="q" label="Name or maker" typed={find} isOptional />
    </div>
    <Button look="secondary">Find</Button>
    {find !== '' && (
      <ButtonLink look="secondary" to={action}>
        Clear
      </ButtonLink>
    )}
    <p className="basis-full text-sm text-muted" role="status">
      {total === 1 ? 'One model' : `${formatCount(total)} models`}
    </p>
  </Form>
)
