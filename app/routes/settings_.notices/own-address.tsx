import { noticesPath } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type OwnAddressProps = {
  address: string | null
  own: { address: string; isConfirmed: boolean; isFresh: boolean } | null
  typed: string
  error?: string
}

const Intent = ({ intent, children }: { intent: string; children: string }) => (
  <PostForm action={noticesPath}>
    <input type="hidden" name="intent" value={intent} />
    <Button look="secondary">{children}</Button>
  </PostForm>
)

/** Where mails go, and a form for another place, which has to be confirmed from there. */
export const OwnAddress = ({ address, own, typed, error }: OwnAddressProps) => (
  <div className="grid gap-4">
    <p className="text-sm wrap-anywhere">
      {address === null
        ? 'There is no address of yours that anybody has verified: nothing is sent until you confirm one.'
        : `Mails go to ${address}.`}
      {own && !own.isConfirmed && (
        <>
          {' '}
          {own.isFresh
            ? `A link was sent to ${own.address}; follow it, and they go there.`
            : `The link that was sent to ${own.address} has expired: ask for another.`}
        </>
      )}
    </p>
    <PostForm action={noticesPath} className="grid gap-4">
      <input type="hidden" name="intent" value="address" />
      <TextField
        label="Another address"
        name="address"
        hint="A link is sent there; mails go there once it was followed."
        {...{ typed, ...(error !== undefined && { error }) }}
      />
      <div>
        <Button look="secondary">Send the link</Button>
      </div>
    </PostForm>
    <div className="flex flex-wrap gap-3">
      {address !== null && <Intent intent="test-mail">Send me a test</Intent>}
      {own && <Intent intent="forget-address">Use my provider’s address</Intent>}
    </div>
  </div>
)
