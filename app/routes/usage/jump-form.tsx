import { Trans } from '@lingui/react/macro'
import { Form } from '@remix-run/react'
import { useId } from 'react'
import { Button } from '../../ui/button.tsx'

type JumpFormProps = { action: string; hidden: Record<string, string>; max: string }

/** Goes to the calls of a day; what narrows the list stays. */
export const JumpForm = ({ action, hidden, max }: JumpFormProps) => {
  const id = useId()
  return (
    <Form
      method="get"
      action={action}
      preventScrollReset
      className="flex flex-wrap items-center gap-2 px-4 pb-3 text-sm sm:px-6 print:hidden"
    >
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label htmlFor={id} className="text-muted">
        <Trans>Jump to a date</Trans>
      </label>
      <input
        id={id}
        type="date"
        name="at"
        max={max}
        required
        autoComplete="off"
        className="min-h-10 rounded-md border border-line-strong bg-surface px-3 py-1.5 text-base"
      />
      <Button look="secondary">
        <Trans>Go</Trans>
      </Button>
    </Form>
  )
}
