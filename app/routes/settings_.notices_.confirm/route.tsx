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

export const meta = titled('Confirm an address')

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
  const { proof } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <>
      <PageTitle aside={<TextLink to={noticesPath}>Notices</TextLink>}>
        Confirm an address
      </PageTitle>
      {answer?.isConfirmed ? (
        <Notice tone="good" title="Mails go to this address from now on" isAnswer />
      ) : (
        <>
          {answer && (
            <Notice tone="bad" title="This link is no longer good, or is somebody else’s" isAnswer>
              <p>Nothing was changed. Ask for another link at the notices’ page.</p>
            </Notice>
          )}
          <PostForm action={`${noticesPath}/confirm`} className="grid gap-4">
            <input type="hidden" name="proof" value={proof} />
            <p>Press the button, and your notices go to the address that the link was sent to.</p>
            <div>
              <Button>Confirm the address</Button>
            </div>
          </PostForm>
        </>
      )}
    </>
  )
}
