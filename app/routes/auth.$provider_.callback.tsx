import { data, redirect } from '@remix-run/node'
import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { configuredProvider, finishSignIn } from '../auth/auth.server.ts'
import { notFound, page } from '../pages/pages.server.ts'
import { titleTags } from '../ui/brand/titled.ts'
import { ButtonLink } from '../ui/button.tsx'
import { PageTitle } from '../ui/page-frame.tsx'

export const meta: MetaFunction<typeof loader> = ({ data: answer, matches }) =>
  titleTags(matches, answer?.title ?? 'Sign in')

/** `GET /auth/github/callback`: where a provider sends people back to, with or without success. */
export const loader = page(async ({ request, params, services, requestId }) => {
  const provider = configuredProvider(services.env, params.provider)
  if (!provider)
    throw notFound('This relay does not offer that way to sign in. Choose one on the sign-in page.')
  const finished = await finishSignIn(request, services, provider, requestId)
  const { headers } = finished
  if ('location' in finished) throw redirect(finished.location, { headers })
  const { failure, tryAgain, words } = finished
  return data({ failure, tryAgain, requestId, ...words }, { status: words.status, headers })
})

export default function SignInFailed() {
  const { title, text, failure, tryAgain, requestId } = useLoaderData<typeof loader>()
  return (
    <div className="grid max-w-xl gap-4 py-8 sm:py-16" data-failure={failure}>
      <p className="text-sm font-medium text-muted">Sign-in</p>
      <PageTitle>{title}</PageTitle>
      <p className="text-muted">{text}</p>
      <div>
        <ButtonLink look="secondary" to={tryAgain}>
          {failure.startsWith('link-') ? 'Go on' : 'Try again'}
        </ButtonLink>
      </div>
      <p className="border-t border-line pt-4 text-sm text-muted">
        When you ask for help, quote this id:{' '}
        <code className="font-mono wrap-anywhere text-ink select-all">{requestId}</code>
      </p>
    </div>
  )
}
