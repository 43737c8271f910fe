import { Trans } from '@lingui/react/macro'
import { data, redirect, type HeadersFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { configuredProvider, goOnSignIn, startSignIn } from '../auth/auth.server.ts'
import { formOf, limitAddress, notFound, page } from '../pages/pages.server.ts'
import { loginPath } from '../paths.ts'
import { titled } from '../ui/brand/titled.ts'
import { PageTitle } from '../ui/page-frame.tsx'
import { msg } from '../values/language/msg.ts'

export const meta = titled(msg`Sign in`)

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders

/**
 * `GET /auth/github` starts nothing: a link must not sign anybody in. Where somebody has started by a
 * form that may not lead to the provider itself, this page leads on.
 */
export const loader = page(async ({ request, params, services, requestId }) => {
  const provider = configuredProvider(services.env, params.provider)
  const next = provider && (await goOnSignIn(request, services, provider, requestId))
  if (!next) throw redirect(loginPath())
  const headers = { refresh: `0;url=${next.address}`, 'cache-control': 'no-store' }
  return data(next, { headers })
})

/** `POST /auth/github`: to the provider, and from there back to `returnTo`, a field of the form. */
export const action = page(async (args) => {
  const { request, params, services, requestId } = args
  const provider = configuredProvider(services.env, params.provider)
  if (!provider)
    throw notFound(
      msg`This relay does not offer that way to sign in. Choose one on the sign-in page.`,
    )
  await limitAddress('sign-in', args)
  const returnTo = (await formOf(request)).get('returnTo')
  return startSignIn(services, provider, typeof returnTo === 'string' ? returnTo : null, requestId)
})

export default function GoOn() {
  const { address, label } = useLoaderData<typeof loader>()
  return (
    <div className="grid max-w-xl gap-4 py-8 sm:py-16">
      <PageTitle>
        <Trans>On to {label}</Trans>
      </PageTitle>
      <p className="text-muted">
        <Trans>
          If this page stays,{' '}
          <a className="font-medium text-accent underline underline-offset-3" href={address}>
            go on by yourself
          </a>
          .
        </Trans>
      </p>
    </div>
  )
}
