import { data, redirect } from '@remix-run/node'
import { useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  findOrSignUp,
  findPerson,
  localDeveloper,
  rotateSession,
  signInWays,
} from '../../auth/auth.server.ts'
import { page } from '../../pages/pages.server.ts'
import { homePath, loginPath, safeReturnTo } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'

export const meta: MetaFunction = () => [{ title: 'Sign in · AI API Relay' }]

const returnToOf = (request: Request) =>
  safeReturnTo(new URL(request.url).searchParams.get('returnTo'))

/** `GET /login`: the ways to sign in. Somebody who is signed in goes straight on. */
export const loader = page(async ({ request, services }) => {
  const returnTo = returnToOf(request)
  if (await findPerson(request, services)) throw redirect(returnTo)
  return { ...signInWays(services.env), returnTo }
})

/** `POST /login`: signs in whoever sits at this machine; only in local mode, which is loopback only. */
export const action = page(async ({ request, services }) => {
  if (!signInWays(services.env).local) {
    throw data(
      {
        message:
          'This relay does not offer the local sign-in. Choose another way on the sign-in page.',
      },
      { status: 403 },
    )
  }
  const { userId } = await findOrSignUp(services.db, localDeveloper)
  const cookie = await rotateSession(request, services, userId)
  return redirect(returnToOf(request), { headers: { 'set-cookie': cookie } })
})

/** A plain form: signing in loads a new page, and nothing of the old one stays. */
const LocalSignIn = ({ returnTo }: { returnTo: string }) => (
  <form method="post" action={loginPath(returnTo)} className="grid justify-items-start gap-4">
    <p className="text-sm text-muted">
      This relay runs on your own machine and answers nobody else, so it asks for no password.
    </p>
    <Button>Continue as local developer</Button>
  </form>
)

type Way = { name: string; label: string; path: string }

/** Plain forms, because what follows is a page of the provider's. */
const Providers = ({ ways, returnTo }: { ways: Way[]; returnTo: string }) => (
  <div className="grid justify-items-start gap-4">
    {ways.map(({ name, label, path }) => (
      <form key={name} method="post" action={path}>
        <input type="hidden" name="returnTo" value={returnTo} />
        <Button>Continue with {label}</Button>
      </form>
    ))}
    <p className="text-sm text-muted">
      The first time, an account and an API key are made for you. The key is shown on the next page.
    </p>
  </div>
)

const NotConfigured = () => (
  <div className="grid gap-2 text-sm text-muted">
    <p className="font-medium text-ink">Sign-in is not configured yet.</p>
    <p>
      Whoever runs this relay has to set up GitHub or Google first. Existing API keys keep working.{' '}
      <TextLink to={homePath}>To the home page</TextLink>
    </p>
  </div>
)

export default function Login() {
  const { local, providers, returnTo } = useLoaderData<typeof loader>()
  return (
    <div className="mx-auto grid w-full max-w-md gap-6 sm:py-12">
      <PageTitle>Sign in</PageTitle>
      <Card>
        {providers.length > 0 && <Providers ways={providers} returnTo={returnTo} />}
        {local && <LocalSignIn returnTo={returnTo} />}
        {providers.length === 0 && !local && <NotConfigured />}
      </Card>
    </div>
  )
}
