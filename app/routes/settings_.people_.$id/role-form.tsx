import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigation } from '@remix-run/react'
import { CapField, RoleField } from '../../ui/account/role-fields.tsx'
import { Button } from '../../ui/button.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import type { Role } from '../../values/teams/roles.ts'

type RoleFormProps = {
  action: string
  offered: Role[]
  role: string
  cap: string
  error?: MessageDescriptor
}

/** As what somebody is in the account, and how much of its money they may use. */
export function RoleForm({ action, offered, role, cap, error }: RoleFormProps) {
  const { t } = useLingui()
  const isPending = useNavigation().formData?.get('intent') === 'set'
  return (
    <PostForm action={action} className="grid max-w-2xl gap-4 print:hidden">
      <input type="hidden" name="intent" value="set" />
      <RoleField
        offered={offered}
        chosen={role}
        hint={t`Their open invitations end with a change; as Billing, so do their keys.`}
      />
      <CapField typed={cap} error={error} />
      <div>
        <Button isPending={isPending} pendingText={t`Saving…`}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </PostForm>
  )
}
