import { Form, useNavigation } from '@remix-run/react'
import { roleWords } from '../../ui/account/role-words.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import type { Role } from '../../values/teams/roles.ts'

type RoleFormProps = {
  action: string
  offered: Role[]
  role: string
  cap: string
  error?: string
}

/** As what somebody is in the account, and how much of its money they may use. */
export function RoleForm({ action, offered, role, cap, error }: RoleFormProps) {
  const isPending = useNavigation().formData?.get('intent') === 'set'
  return (
    <Form method="post" action={action} className="grid max-w-2xl gap-4 print:hidden">
      <input type="hidden" name="intent" value="set" />
      <SelectField
        label="Role"
        name="role"
        chosen={role}
        hint="Their open invitations end with a change; as Billing, so do their keys."
      >
        {offered.map((it) => (
          <option key={it} value={it}>
            {roleWords[it].name}: {roleWords[it].can}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Cap a month in dollars"
        name="cap"
        inputMode="decimal"
        typed={cap}
        error={error}
        hint="The most their keys may spend together. Empty: no cap."
        isOptional
      />
      <div>
        <Button isPending={isPending} pendingText="Saving…">
          Save
        </Button>
      </div>
    </Form>
  )
}
