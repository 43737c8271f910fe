import type { MessageDescriptor } from '@lingui/core'
import { Trans } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { findPerson, rotateSession, signInWays, spendSignInToken } from '../../auth/auth.server.ts'
import { page, type PageArgs } from '../../pages/pages.server.ts'
import { homePath, safeReturnTo } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Said } from '../../ui/language/said.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { msg } from '../../values/language/msg.ts'

export const meta = titled(msg`Sign in`)

/** What somebody is told who has not been here before. */
function firstTimeWords({ SIGN_UP, SIGN_UP_DOMAINS = [] }: PageArgs['services']['env']) {
  const domains = SIGN_UP_DOMAINS.join(', ')
  switch (SIGN_UP) {
    case 'open':
      return msg`The first time, an account and an API key are made for you. The key is shown on the next page.`
    case 'invitation':
      return msg`If you are new here, open the link of your invitation first. With it an account and an API key are made for you. The key is shown on the next page.`
    case 'domain':
      return msg`The first time, with a verified e-mail address of ${domains}, an account and an API key are made for you. The key is shown on the next page.`
    case 'closed':
      return msg`Only people who have an account can sign in: this relay makes no new ones.`
  }
}

/** The cookie of whom the address's token signs in; undefined where it does not, or not any more. */
async function enter({ request, services, isForwarded }: PageArgs, token: string) {
  if (isForwarded) {
    const message = msg`This way to sign in is for a browser on the relay’s own machine, and this request came through a proxy. Open the address that the relay printed directly.`
    throw data({ message }, { status: 403 })
  }
  // HEAD is for those who look whether a link is there, and would use it up.
  const userId = request.method === 'GET' ? await spendSignInToken(services, token) : undefined
  return userId === undefined ? undefined : rotateSession(request, services, userId)
}

/**
 * `GET /login`: the ways to sign in. Somebody who is signed in goes straight on. In local mode the
 * address that was printed at this machine has a token, and signs in by itself, once.
 */
export const loader = page(async (args) => {
  const { request, services } = args
  const { searchParams } = new URL(request.url)
  const returnTo = safeReturnTo(searchParams.get('returnTo'))
  const token = searchParams.get('token')
  const { providers, local } = signInWays(services.env)
  const cookie = local && token !== null ? await enter(args, token) : undefined
  if (cookie !== undefined) throw redirect(returnTo, { headers: { 'set-cookie': cookie } })
  if (await findPerson(request, services)) throw redirect(returnTo)
  const isSpent = local && token !== null
  const firstTime = firstTimeWords(services.env)
  return data({ providers, local, returnTo, isSpent, firstTime }, { status: isSpent ? 403 : 200 })
})

const LocalSignIn = ({ isSpent }: { isSpent: boolean }) => (
  <div className="grid gap-3 text-sm text-muted">
    <p className="font-medium text-ink">
      {isSpent ? (
        <Trans>This address has been used already, or is too old.</Trans>
      ) : (
        <Trans>This relay runs on your own machine and asks for no password.</Trans>
      )}
    </p>
    <p>
      {isSpent ? (
        <Trans>
          For a new one, run <code className="text-ink">npm run relay -- sign-in</code> there.
        </Trans>
      ) : (
        <Trans>
          Open the address that it printed when it started, or run{' '}
          <code className="text-ink">npm run relay -- sign-in</code> there for a new one. Each signs
          in once.
        </Trans>
      )}
    </p>
  </div>
)

type Way = { name: string; label: string; path: string }

type ProvidersProps = { ways: Way[]; returnTo: string; firstTime: MessageDescriptor }

/** Plain forms, because what follows is a page of the provider's. */
const Providers = ({ ways, returnTo, firstTime }: ProvidersProps) => (
  <div className="grid justify-items-start gap-4">
    {ways.map(({ name, label, path }) => (
      <form key={name} method="post" action={path}>
        <input type="hidden" name="returnTo" value={returnTo} />
        <Button>
          <Trans>Continue with {label}</Trans>
        </Button>
      </form>
    ))}
    <p className="text-sm text-muted">
      <Said text={firstTime} />
    </p>
  </div>
)

const NotConfigured = () => (
  <div className="grid gap-2 text-sm text-muted">
    <p className="font-medium text-ink">
      <Trans>Sign-in is not configured yet.</Trans>
    </p>
    <p>
      <Trans>
        Whoever runs this relay has to set up a way to sign in first. Existing API keys keep
        working.
      </Trans>{' '}
      <TextLink to={homePath}>
        <Trans>To the home page</Trans>
      </TextLink>
    </p>
  </div>
)

export default function Login() {
  const { local, providers, returnTo, isSpent, firstTime } = useLoaderData<typeof loader>()
  return (
    <div className="mx-auto grid w-full max-w-md gap-6 sm:py-12">
      <PageTitle>
        <Trans>Sign in</Trans>
      </PageTitle>
      <Card>
        {providers.length > 0 && (
          <Providers ways={providers} returnTo={returnTo} firstTime={firstTime} />
        )}
        {local && <LocalSignIn isSpent={isSpent} />}
        {providers.length === 0 && !local && <NotConfigured />}
      </Card>
    </div>
  )
}
