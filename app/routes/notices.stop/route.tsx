import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { readStop, stopMail } from '../../notices/notices.server.ts'
import { page } from '../../pages/pages.server.ts'
import { noticesPath, stopNoticesPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button } from '../../ui/button.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { msg } from '../../values/language/msg.ts'

export const meta = titled(msg`No more mails`)

const searchOf = (request: Request) => new URL(request.url).search
const stopIn = (request: Request, env: { SESSION_SECRET: string }) =>
  readStop(env, new URLSearchParams(searchOf(request)))

/**
 * `GET /notices/stop?…`: the link that every mail ends with. Whoever has the mail may stop the next:
 * nobody has to sign in for it.
 */
export const loader = page(({ request, services: { env } }) => {
  const stop = stopIn(request, env)
  return Promise.resolve({
    query: stop ? searchOf(request) : null,
    account: stop?.accountId ?? null,
  })
})

/** `POST /notices/stop?…`: no more of them. */
export const action = page(async ({ request, services: { db, env } }) => {
  const stop = stopIn(request, env)
  if (stop) await stopMail(db, stop)
  return data({ isStopped: stop !== undefined }, { status: stop ? 200 : 400 })
})

export default function StopNotices() {
  const { t } = useLingui()
  const { query, account } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <>
      <PageTitle>
        <Trans>No more mails</Trans>
      </PageTitle>
      {answer?.isStopped ? (
        <Notice tone="good" title={t`You get no more mails about this account`} isAnswer>
          <p>
            <Trans>
              Whoever signs in can have them again at{' '}
              <TextLink to={noticesPath}>the notices</TextLink>.
            </Trans>
          </p>
        </Notice>
      ) : query === null || answer ? (
        <Notice tone="bad" title={t`This is not a link of one of our mails`} isAnswer>
          <p>
            <Trans>
              Take it whole from the end of a mail, or sign in and change what you are told.
            </Trans>
          </p>
        </Notice>
      ) : (
        <Form method="post" action={stopNoticesPath(query)} className="grid gap-4">
          <p>
            <Trans>
              Press the button, and no more mails about account No. {account} go to your address.
            </Trans>
          </p>
          <div>
            <Button>
              <Trans>Stop the mails</Trans>
            </Button>
          </div>
        </Form>
      )}
    </>
  )
}
