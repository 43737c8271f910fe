import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type NameFormProps = { action: string; name: string; error?: MessageDescriptor }

/** What the account is called, where somebody is in several. */
export function NameForm({ action, name, error }: NameFormProps) {
  const { t } = useLingui()
  return (
    <PostForm action={action} className="grid max-w-2xl gap-4 print:hidden">
      <input type="hidden" name="intent" value="rename" />
      <TextField
        label={t`Account name`}
        name="name"
        typed={name}
        error={error && t(error)}
        hint={t`Whoever is invited sees it.`}
      />
      <div>
        <Button look="secondary">
          <Trans>Rename</Trans>
        </Button>
      </div>
    </PostForm>
  )
}
