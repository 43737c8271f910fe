import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData, useRouteLoaderData } from '@remix-run/react'
import { clientsOf, isDemoServing, page } from '../../pages/pages.server.ts'
import { dashboardPath, docsPath, loginPath, modelsPath } from '../../paths.ts'
import type { loader as rootLoader } from '../../root.tsx'
import { titled } from '../../ui/brand/titled.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { ClientSnippets } from '../../ui/client-snippets.tsx'
import { keyPlaceholder } from '../../ui/snippets.ts'
import { msg } from '../../values/language/msg.ts'
import { usualName } from '../../values/site/usual-name.ts'
import { DemoNotice } from '../../ui/demo-notice.tsx'

export const meta = titled(
  null,
  msg`An API compatible with OpenAI and Anthropic that shows the exact cost of every call.`,
)

/** `GET /`: what this is and how to call it. */
export const loader = page(({ services }) =>
  Promise.resolve({ clients: clientsOf(services), isDemo: isDemoServing(services) }),
)

const promises = [
  {
    title: msg`The programs you have`,
    text: msg`Codex, Claude Code, editors, and the OpenAI and Anthropic packages: change the base URL and the key.`,
  },
  {
    title: msg`Exact to the nano-dollar`,
    text: msg`Each call shows its tokens, its prices and its cost, to nine decimals. A failed call costs nothing.`,
  },
  {
    title: msg`Never more than you have`,
    text: msg`The most a call can cost is held before it starts. When it ends, what it did not use is released.`,
  },
]

export default function Home() {
  const { clients, isDemo } = useLoaderData<typeof loader>()
  const { t } = useLingui()
  const { person, brand } = useRouteLoaderData<typeof rootLoader>('root') ?? {}
  const name = brand?.name ?? usualName
  const isSignedIn = Boolean(person)
  return (
    <>
      <div className="grid gap-5 py-4 sm:py-8">
        <h1 className="max-w-2xl text-3xl font-semibold tracking-tight text-balance sm:text-4xl">
          <Trans>One API key for language models, and the exact cost of every call</Trans>
        </h1>
        <p className="max-w-2xl text-lg text-muted">
          <Trans>
            {name} speaks the APIs of OpenAI and Anthropic. It forwards your calls, counts their
            tokens and charges your prepaid credit or your plan.
          </Trans>
        </p>
        <div className="flex flex-wrap gap-3">
          {isSignedIn ? (
            <ButtonLink to={dashboardPath}>
              <Trans>Open the dashboard</Trans>
            </ButtonLink>
          ) : (
            <ButtonLink to={loginPath()}>
              <Trans>Sign in to get a key</Trans>
            </ButtonLink>
          )}
          <ButtonLink look="secondary" to={modelsPath}>
            <Trans>Models and prices</Trans>
          </ButtonLink>
          <ButtonLink look="secondary" to={docsPath}>
            <Trans>Documentation</Trans>
          </ButtonLink>
        </div>
      </div>
      <ul className="grid gap-6 border-y border-line py-6 md:grid-cols-3">
        {promises.map(({ title, text }) => (
          <li key={title.id}>
            <h2 className="font-semibold">{t(title)}</h2>
            <p className="mt-1 text-sm text-muted">{t(text)}</p>
          </li>
        ))}
      </ul>
      <section aria-labelledby="call" className="grid gap-4">
        <h2 id="call" className="text-xl font-semibold tracking-tight">
          <Trans>Call it</Trans>
        </h2>
        {isDemo && <DemoNotice />}
        <ClientSnippets clients={clients} shownKey={keyPlaceholder} />
      </section>
    </>
  )
}
