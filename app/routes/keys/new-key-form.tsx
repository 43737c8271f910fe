import { Form } from '@remix-run/react'
import { Button } from '../../ui/button.tsx'
import { KeyLimits, KeyName, type KeyErrors, type KeyTyped } from '../../ui/account/key-fields.tsx'

type NewKeyFormProps = {
  action: string
  formToken: string
  models: string[]
  typed?: KeyTyped
  errors?: KeyErrors
  isPending: boolean
}

const hasLimits = (typed: KeyTyped | undefined) =>
  Boolean(typed && (typed.lastDay || typed.budget || typed.models || typed.responsesAtChat))

/** Asks for what a key is to be. Its token lets one of several equal requests through. */
export const NewKeyForm = (props: NewKeyFormProps) => {
  const { action, formToken, models, typed, errors, isPending } = props
  return (
    <Form method="post" action={action} replace className="grid max-w-2xl gap-4 print:hidden">
      <input type="hidden" name="formToken" value={formToken} />
      <KeyName {...{ typed, errors }} />
      <details open={hasLimits(typed)}>
        <summary className="cursor-pointer rounded-sm text-sm font-medium text-accent">
          Limits: last day, budget, models; Responses bodies (Cursor)
        </summary>
        <div className="mt-3 grid gap-4">
          <KeyLimits {...{ typed, errors, models }} />
        </div>
      </details>
      <div>
        <Button isPending={isPending} pendingText="Creating…">
          Create key
        </Button>
      </div>
    </Form>
  )
}
