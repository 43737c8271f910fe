import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigation } from '@remix-run/react'
import { Button } from '../../ui/button.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type RemovalProps = { action: string; name: string; isSelf: boolean }

/** Says what ends with it before it is done. */
export function Removal({ action, name, isSelf }: RemovalProps) {
  const { t } = useLingui()
  const isPending = useNavigation().formData?.get('intent') === 'remove'
  return (
    <div className="grid gap-4">
      <p className="text-sm">
        {isSelf ? (
          <Trans>
            Your keys of this account stop working at once, calls under way with them are cut off,
            and your open invitations end. Another invitation lets you in again, without the keys.
          </Trans>
        ) : (
          <Trans>
            Their keys of this account stop working at once, calls under way with them are cut off,
            and their open invitations end. Another invitation lets them in again, without the keys.
          </Trans>
        )}
      </p>
      <PostForm action={action}>
        <input type="hidden" name="intent" value="remove" />
        <Button look="danger" isPending={isPending} pendingText={t`One moment…`}>
          {isSelf ? t`Leave this account` : t`Remove ${name}`}
        </Button>
      </PostForm>
    </div>
  )
}
