import { Trans, useLingui } from '@lingui/react/macro'
import { Button, DefaultButton } from '../../ui/button.tsx'
import { KeyLimits, KeyName, type KeyErrors, type KeyTyped } from '../../ui/account/key-fields.tsx'
import type { Pickable } from '../../ui/account/model-picker.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type NewKeyFormProps = {
  action: string
  formToken: string
  models: Pickable
  typed?: KeyTyped
  errors?: KeyErrors
  isPending: boolean
}

const hasLimits = (typed: KeyTyped | undefined) =>
  Boolean(typed && Object.entries(typed).some(([name, text]) => name !== 'name' && text !== ''))

/** Asks for what a key is to be. Its token lets one of several equal requests through. */
export const NewKeyForm = (props: NewKeyFormProps) => {
  const { t } = useLingui()
  const { action, formToken, models, typed, errors, isPending } = props
  return (
    <PostForm action={action} replace className="grid max-w-2xl gap-4 print:hidden">
      <DefaultButton />
      <input type="hidden" name="formToken" value={formToken} />
      <KeyName {...{ typed, errors }} />
      <details open={hasLimits(typed) || models.find !== ''}>
        <summary className="cursor-pointer rounded-sm text-sm font-medium text-accent">
          <Trans>Limits: last day, budgets, models, addresses; Responses bodies (Cursor)</Trans>
        </summary>
        <div className="mt-3 grid gap-4">
          <KeyLimits {...{ typed, errors, models }} />
        </div>
      </details>
      <div>
        <Button isPending={isPending} pendingText={t`Creating…`}>
          <Trans>Create key</Trans>
        </Button>
      </div>
    </PostForm>
  )
}
