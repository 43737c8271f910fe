import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { noticesPath } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Time } from '../../ui/time.tsx'
import { Kinds } from './kinds.tsx'

type WebhookProps = {
  webhook: { url: string; oldUntil: Date | null; changedAt: Date } | undefined
  kinds: { kind: string; isOn: boolean }[]
  formToken: string
  typed: string
  error?: string
}

type ActProps = { intent: string; formToken?: string; isDanger?: boolean; children: ReactNode }

const Act = ({ intent, formToken, isDanger = false, children }: ActProps) => (
  <PostForm action={noticesPath}>
    <input type="hidden" name="intent" value={intent} />
    {formToken !== undefined && <input type="hidden" name="formToken" value={formToken} />}
    <Button look={isDanger ? 'danger' : 'secondary'}>{children}</Button>
  </PostForm>
)

/** What can be done with a webhook that is there. */
const Acts = ({ formToken }: { formToken: string }) => (
  <div className="flex flex-wrap gap-3">
    <Act intent="test-webhook">
      <Trans>Send a test</Trans>
    </Act>
    <Act intent="rotate" formToken={formToken}>
      <Trans>New secret</Trans>
    </Act>
    <Act intent="remove" isDanger>
      <Trans>Remove</Trans>
    </Act>
  </div>
)

/** Where the account's notices are called out to, and what can be done with it. */
export const Webhook = ({ webhook, kinds, formToken, typed, error }: WebhookProps) => {
  const { t } = useLingui()
  return (
    <div className="grid max-w-2xl gap-4">
      <PostForm action={noticesPath} className="grid gap-4">
        <input type="hidden" name="intent" value="webhook" />
        <TextField
          label={t`Address`}
          name="url"
          placeholder="https://example.com/hook"
          hint={t`Notices are sent there as signed POST requests, as the Standard Webhooks say.`}
          {...{ typed, ...(error !== undefined && { error }) }}
        />
        <Kinds legend={t`Call it when`} kinds={kinds} />
        <div>
          <Button>
            {webhook ? <Trans>Save the webhook</Trans> : <Trans>Add the webhook</Trans>}
          </Button>
        </div>
      </PostForm>
      {webhook?.oldUntil && (
        <p className="text-sm">
          <Trans>
            The old secret signs beside the new one until <Time at={webhook.oldUntil} />.
          </Trans>
        </p>
      )}
      {webhook && <Acts formToken={formToken} />}
    </div>
  )
}
