import { Trans, useLingui } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { configuredProvider, finishSignIn } from '../auth/auth.server.ts'
import { notFound, page } from '../pages/pages.server.ts'
import { titleTags } from '../ui/brand/titled.ts'
import { ButtonLink } from '../ui/button.tsx'
import { IdToQuote } from '../ui/error-page.tsx'
import { PageTitle } from '../ui/page-frame.tsx'
import { msg } from '../values/language/msg.ts'

export const meta: MetaFunction<typeof loader> = ({ data: answer, matches }) =>
  titleTags(matches, answer?.title ?? msg`Sign in`)

/** `GET /auth/github/callback`: where a provider sends people back to, with or without success. */
export const loader = page(async ({ request, params, services, requestId }) => {
  const provider = configuredProvider(services.env, params.provider)
  if (!provider)
    throw notFound(
      msg`This relay does not offer that way to sign in. Choose one on the sign-in page.`,
    )
  const finished = await finishSignIn(request, services, provider, requestId)
  const { headers } = finished
  if ('location' in finished) throw redirect(finished.location, { headers })
  const { failure, tryAgain, words } = finished
  return data({ failure, tryAgain, requestId, ...words }, { status: words.status, headers })
})

export default function SignInFailed() {
  const { t } = useLingui()
  const { title, text, failure, tryAgain, requestId } = useLoaderData<typeof loader>()
  return (
    <div className="grid max-w-xl gap-4 py-8 sm:py-16" data-failure={failure}>
      <p className="text-sm font-medium text-muted">
        <Trans>Sign-in</Trans>
      </p>
      <PageTitle>{t(title)}</PageTitle>
      <p className="text-muted">{t(text)}</p>
      <div>
        <ButtonLink look="secondary" to={tryAgain}>
          {failure.startsWith('link-') ? <Trans>Go on</Trans> : <Trans>Try again</Trans>}
        </ButtonLink>
      </div>
      <IdToQuote id={requestId} />
    </div>
  )
}
