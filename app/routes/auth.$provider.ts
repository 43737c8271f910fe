import { redirect } from '@remix-run/node'
import { configuredProvider, startSignIn } from '../auth/auth.server.ts'
import { formOf, limitAddress, notFound, page } from '../pages/pages.server.ts'
import { loginPath } from '../paths.ts'

/** `GET /auth/github` starts nothing: a link must not sign anybody in. */
export const loader = () => redirect(loginPath())

/** `POST /auth/github`: to the provider, and from there back to `returnTo`, a field of the form. */
export const action = page(async (args) => {
  const { request, params, services } = args
  const provider = configuredProvider(services.env, params.provider)
  if (!provider)
    throw notFound('This relay does not offer that way to sign in. Choose one on the sign-in page.')
  await limitAddress('sign-in', args)
  const returnTo = (await formOf(request)).get('returnTo')
  return startSignIn(services, provider, typeof returnTo === 'string' ? returnTo : null)
})

/** Never seen; without it this would be a resource route, whose failures have no page. */
export default function StartSignIn() {
  return null
}
