import { Trans, useLingui } from '@lingui/react/macro'
import { Form } from '@remix-run/react'
import { Button, ButtonLink } from '../button.tsx'
import { SelectField, TextField } from '../field.tsx'

type FindFormProps = {
  action: string
  /** A part of what is looked for, as it was typed. */
  text: { name: string; label: string; typed: string }
  /** One of several states, or any. */
  state: { name: string; chosen: string | null; words: Readonly<Record<string, string>> }
}

/** Narrows a list. It is sent as an address, which can be kept and passed on. */
export const FindForm = ({ action, text, state }: FindFormProps) => {
  const { t } = useLingui()
  return (
    <Form
      method="get"
      action={action}
      // What was typed belongs to one address; another address brings its own.
      key={JSON.stringify([text.typed, state.chosen])}
      className="grid grid-cols-2 items-end gap-x-4 gap-y-3 px-4 pb-4 sm:grid-cols-[1fr_1fr_auto] sm:px-6 print:hidden"
    >
      <TextField {...text} isOptional />
      <SelectField name={state.name} label={t`State`} chosen={state.chosen ?? ''}>
        <option value="">
          <Trans>Any</Trans>
        </option>
        {Object.entries(state.words).map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectField>
      <div className="col-span-2 flex gap-3 sm:col-span-1">
        <Button look="secondary">
          <Trans>Find</Trans>
        </Button>
        <ButtonLink look="secondary" to={action}>
          <Trans>Clear</Trans>
        </ButtonLink>
      </div>
    </Form>
  )
}
