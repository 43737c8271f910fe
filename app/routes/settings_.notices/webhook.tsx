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

type ActProps = { intent: string; formToken?: string; isDanger?: boolean; children: string }

const Act = ({ intent, formToken, isDanger = false, children }: ActProps) => (
  <PostForm action={noticesPath}>
    <input type="hidden" name="intent" value={intent} />
    {formToken !== undefined && <input type="hidden" name="formToken" value={formToken} />}
    <Button look={isDanger ? 'danger' : 'secondary'}>{children}</Button>
  </PostForm>
)

/** Where the account's notices are called out to, and what can be done with it. */
export const Webhook = ({ webhook, kinds, formToken, typed, error }: WebhookProps) => (
  <div className="grid max-w-2xl gap-4">
    <PostForm action={noticesPath} className="grid gap-4">
      <input type="hidden" name="intent" value="webhook" />
      <TextField
        label="Address"
        name="url"
        placeholder="https://example.com/hook"
        hint="Notices are sent there as signed POST requests, as the Standard Webhooks say."
        {...{ typed, ...(error !== undefined && { error }) }}
      />
      <Kinds legend="Call it when" kinds={kinds} />
      <div>
        <Button>{webhook ? 'Save the webhook' : 'Add the webhook'}</Button>
      </div>
    </PostForm>
    {webhook?.oldUntil && (
      <p className="text-sm">
        The old secret signs beside the new one until <Time at={webhook.oldUntil} />.
      </p>
    )}
    {webhook && (
      <div className="flex flex-wrap gap-3">
        <Act intent="test-webhook">Send a test</Act>
        <Act intent="rotate" formToken={formToken}>
          New secret
        </Act>
        <Act intent="remove" isDanger>
          Remove
        </Act>
      </div>
    )}
  </div>
)
