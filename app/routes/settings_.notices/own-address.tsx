import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
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

const Intent = ({ intent, children }: { intent: string; children: ReactNode }) => (
  <PostForm action={noticesPath}>
    <input type="hidden" name="intent" value={intent} />
    <Button look="secondary">{children}</Button>
  </PostForm>
)

/** Where mails go now, and where they will when a link has been followed. */
const WhereMailsGo = ({ address, own }: Pick<OwnAddressProps, 'address' | 'own'>) => {
  const asked = own && !own.isConfirmed ? own : null
  return (
    <div className="grid gap-1 text-sm wrap-anywhere">
      <p>
        {address === null ? (
          <Trans>
            There is no address of yours that anybody has verified: nothing is sent until you
            confirm one.
          </Trans>
        ) : (
          <Trans>Mails go to {address}.</Trans>
        )}
      </p>
      {asked && <AskedAddress {...asked} />}
    </div>
  )
}

const AskedAddress = ({ address, isFresh }: { address: string; isFresh: boolean }) => (
  <p>
    {isFresh ? (
      <Trans>A link was sent to {address}; follow it, and they go there.</Trans>
    ) : (
      <Trans>The link that was sent to {address} has expired: ask for another.</Trans>
    )}
  </p>
)

/** Where mails go, and a form for another place, which has to be confirmed from there. */
export const OwnAddress = ({ address, own, typed, error }: OwnAddressProps) => {
  const { t } = useLingui()
  return (
    <div className="grid gap-4">
      <WhereMailsGo address={address} own={own} />
      <PostForm action={noticesPath} className="grid gap-4">
        <input type="hidden" name="intent" value="address" />
        <TextField
          label={t`Another address`}
          name="address"
          hint={t`A link is sent there; mails go there once it was followed.`}
          {...{ typed, ...(error !== undefined && { error }) }}
        />
        <div>
          <Button look="secondary">
            <Trans>Send the link</Trans>
          </Button>
        </div>
      </PostForm>
      <div className="flex flex-wrap gap-3">
        {address !== null && (
          <Intent intent="test-mail">
            <Trans>Send me a test</Trans>
          </Intent>
        )}
        {own && (
          <Intent intent="forget-address">
            <Trans>Use my provider’s address</Trans>
          </Intent>
        )}
      </div>
    </div>
  )
}
