import { Form } from '@remix-run/react'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'

type NewKeyFormProps = {
  action: string
  formToken: string
  nameCharsMax: number
  typed?: string
  error?: string
  isPending: boolean
}

/** Asks for a key's name. Its token lets one of several equal requests through. */
export const NewKeyForm = ({
  action,
  formToken,
  nameCharsMax,
  typed,
  error,
  isPending,
}: NewKeyFormProps) => (
  <Form
    method="post"
    action={action}
    replace
    className="flex max-w-2xl items-start gap-x-4 gap-y-3 max-sm:flex-col max-sm:items-stretch print:hidden"
  >
    <input type="hidden" name="formToken" value={formToken} />
    <TextField
      label="Name"
      name="name"
      typed={typed}
      error={error}
      hint="For you to tell your keys apart, such as the program that uses it."
      maxLength={nameCharsMax}
    />
    {/* As tall as the field's label, so that button and input stand on one line. */}
    <div className="sm:pt-6">
      <Button isPending={isPending} pendingText="Creating…">
        Create key
      </Button>
    </div>
  </Form>
)
