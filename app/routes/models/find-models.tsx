import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Form } from '@remix-run/react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'

type FindModelsProps = { action: string; find: string; total: number }

/** Narrows the list of models, by an address that can be kept and passed on. */
export function FindModels({ action, find, total }: FindModelsProps) {
  const { t } = useLingui()
  return (
    <Form
      method="get"
      action={action}
      key={find}
      role="search"
      className="flex flex-wrap items-end gap-x-4 gap-y-3 px-4 pt-1 pb-4 sm:px-6 print:hidden"
    >
      <div className="min-w-48 flex-1">
        <TextField name="q" label={t`Name or maker`} typed={find} isOptional />
      </div>
      <Button look="secondary">
        <Trans>Find</Trans>
      </Button>
      {find !== '' && (
        <ButtonLink look="secondary" to={action}>
          <Trans>Clear</Trans>
        </ButtonLink>
      )}
      <p className="basis-full text-sm text-muted" role="status">
        <Plural value={total} one="One model" other="# models" />
      </p>
    </Form>
  )
}
