import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { confirmAddress } from '../../notices/notices.server.ts'
import { formOf, personalPage } from '../../pages/pages.server.ts'
import { noticesPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button } from '../../ui/button.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { msg } from '../../values/language/msg.ts'

export const meta = titled(msg`Confirm an address`)

/**
 * `GET /settings/notices/confirm?proof=…`: what a mail leads to. It changes nothing yet: programs that
 * look at mails follow links, too.
 */
export const loader = personalPage(({ request }) =>
  Promise.resolve({ proof: (new URL(request.url).searchParams.get('proof') ?? '').slice(0, 100) }),
)

/** `POST /settings/notices/confirm`: mails go there from now on. */
export const action = personalPage(async ({ request, person: { userId }, services }) => {
  const proof = (await formOf(request)).get('proof')
  const isConfirmed =
    typeof proof === 'string' &&
    (await confirmAddress(services.db, services.env, { userId, proof }))
  return data({ isConfirmed }, { status: isConfirmed ? 200 : 400 })
})

export default function Confirm() {
  const { t } = useLingui()
  const { proof } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={noticesPath}>
            <Trans>Notices</Trans>
          </TextLink>
        }
      >
        <Trans>Confirm an address</Trans>
      </PageTitle>
      {answer?.isConfirmed ? (
        <Notice tone="good" title={t`Mails go to this address from now on`} isAnswer />
      ) : (
        <>
          {answer && (
            <Notice
              tone="bad"
              title={t`This link is no longer good, or is somebody else’s`}
              isAnswer
            >
              <p>
                <Trans>Nothing was changed. Ask for another link at the notices’ page.</Trans>
              </p>
            </Notice>
          )}
          <PostForm action={`${noticesPath}/confirm`} className="grid gap-4">
            <input type="hidden" name="proof" value={proof} />
            <p>
              <Trans>
                Press the button, and your notices go to the address that the link was sent to.
              </Trans>
            </p>
            <div>
              <Button>
                <Trans>Confirm the address</Trans>
              </Button>
            </div>
          </PostForm>
        </>
      )}
    </>
  )
}
