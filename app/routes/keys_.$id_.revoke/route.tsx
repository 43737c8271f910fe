import { Trans, useLingui } from '@lingui/react/macro'
import { redirect } from '@remix-run/node'
import { useLoaderData, useNavigation } from '@remix-run/react'
import { announceRevocation, revokeKey } from '../../keys/keys.server.ts'
import { findOwnKey, personalPage } from '../../pages/pages.server.ts'
import { keysPath, revokedKeyPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'

export const meta = titled(msg`Revoke a key`)

/** `GET /keys/:id/revoke`: asks before it is done. What is done already is only told. */
export const loader = personalPage(async (args) => {
  const { id, name, prefix, lastFour, lastUsedAt, revokedAt } = await findOwnKey(args)
  if (revokedAt) throw redirect(revokedKeyPath(id))
  return { name, masked: `${prefix}…${lastFour}`, lastUsedAt }
})

/** `POST /keys/:id/revoke`: once this has answered, the key starts no call. Repeating it is harmless. */
export const action = personalPage(async (args) => {
  const { services, person } = args
  const { id } = await findOwnKey(args)
  await revokeKey(services.db, person.accountId, id, person.userId)
  await announceRevocation(services.redis, id)
  return redirect(revokedKeyPath(id))
})

export default function RevokeKey() {
  const { t } = useLingui()
  const { name, masked, lastUsedAt } = useLoaderData<typeof loader>()
  const isPending = useNavigation().state === 'submitting'
  return (
    <div className="mx-auto grid w-full max-w-xl gap-6 sm:py-8">
      <PageTitle>
        <span className="wrap-anywhere">
          <Trans>Revoke “{name}”?</Trans>
        </span>
      </PageTitle>
      <Card>
        <div className="grid gap-5">
          <p>
            <Trans>
              <code className="font-mono text-sm">{masked}</code> stops working at once, and this
              cannot be undone. Calls that are under way with it are cut off.
            </Trans>
          </p>
          <p className="text-sm text-muted">
            {lastUsedAt ? (
              <Trans>
                It was last used at <Time at={lastUsedAt} isNamed />.
              </Trans>
            ) : (
              <Trans>It was never used.</Trans>
            )}
          </p>
          <PostForm className="flex flex-wrap gap-3">
            <Button look="danger" isPending={isPending} pendingText={t`Revoking…`}>
              <Trans>Revoke this key</Trans>
            </Button>
            <ButtonLink look="secondary" to={keysPath}>
              <Trans>Keep it</Trans>
            </ButtonLink>
          </PostForm>
        </div>
      </Card>
    </div>
  )
}
