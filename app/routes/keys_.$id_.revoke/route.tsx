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

export const meta = titled('Revoke a key')

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
  const { name, masked, lastUsedAt } = useLoaderData<typeof loader>()
  const isPending = useNavigation().state === 'submitting'
  return (
    <div className="mx-auto grid w-full max-w-xl gap-6 sm:py-8">
      <PageTitle>
        <span className="wrap-anywhere">Revoke “{name}”?</span>
      </PageTitle>
      <Card>
        <div className="grid gap-5">
          <p>
            <code className="font-mono text-sm">{masked}</code> stops working at once, and this
            cannot be undone. Calls that are under way with it are cut off.
          </p>
          <p className="text-sm text-muted">
            {lastUsedAt ? (
              <>
                It was last used at <Time at={lastUsedAt} isNamed />.
              </>
            ) : (
              'It was never used.'
            )}
          </p>
          <PostForm className="flex flex-wrap gap-3">
            <Button look="danger" isPending={isPending} pendingText="Revoking…">
              Revoke this key
            </Button>
            <ButtonLink look="secondary" to={keysPath}>
              Keep it
            </ButtonLink>
          </PostForm>
        </div>
      </Card>
    </div>
  )
}
