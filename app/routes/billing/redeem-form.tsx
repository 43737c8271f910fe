import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type RedeemFormProps = { action: string; typed?: string; error?: string; isPending: boolean }

/** Takes a code in whatever way it was typed or pasted. */
export const RedeemForm = ({ action, typed, error, isPending }: RedeemFormProps) => {
  const { t } = useLingui()
  return (
    <PostForm action={action} replace className="grid max-w-md gap-4 print:hidden">
      <input type="hidden" name="intent" value="redeem" />
      <TextField
        name="code"
        label={t`Code`}
        hint={t`28 letters and digits. Hyphens, blanks and small letters do no harm.`}
        {...{ typed, error }}
      />
      <div>
        <Button look="secondary" isPending={isPending} pendingText={t`Redeeming…`}>
          <Trans>Redeem</Trans>
        </Button>
      </div>
    </PostForm>
  )
}
