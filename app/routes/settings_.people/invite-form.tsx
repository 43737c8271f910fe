import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigation } from '@remix-run/react'
import { CapField, RoleField } from '../../ui/account/role-fields.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import type { Role } from '../../values/teams/roles.ts'

type Fields = { role: string; cap: string; forWhom: string }
type InviteFormProps = {
  action: string
  formToken: string
  offered: Role[]
  typed?: Fields
  errors?: Partial<Record<keyof Fields, MessageDescriptor>>
}

/** Asks as what somebody is to come. Its token lets one of several equal requests through. */
export function InviteForm({ action, formToken, offered, typed, errors }: InviteFormProps) {
  const { t } = useLingui()
  const isPending = useNavigation().formData?.get('intent') === 'invite'
  return (
    <PostForm action={action} replace className="grid max-w-2xl gap-4 print:hidden">
      <input type="hidden" name="intent" value="invite" />
      <input type="hidden" name="formToken" value={formToken} />
      <TextField
        label={t`For whom`}
        name="forWhom"
        typed={typed?.forWhom}
        error={errors?.forWhom && t(errors.forWhom)}
        hint={t`To tell the link from others; whoever brings it is let in.`}
        isOptional
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <RoleField
          offered={offered}
          chosen={typed?.role ?? 'member'}
          error={errors?.role && t(errors.role)}
        />
        <CapField typed={typed?.cap} error={errors?.cap} />
      </div>
      <div>
        <Button isPending={isPending} pendingText={t`Making the link…`}>
          <Trans>Make a link</Trans>
        </Button>
      </div>
    </PostForm>
  )
}
