import { useLoaderData, useRouteLoaderData } from '@remix-run/react'
import { clientsOf, isDemoServing, page } from '../../pages/pages.server.ts'
import { dashboardPath, docsPath, loginPath, modelsPath } from '../../paths.ts'
import type { loader as rootLoader } from '../../root.tsx'
import { titled } from '../../ui/brand/titled.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { ClientSnippets } from '../../ui/client-snippets.tsx'
import { keyPlaceholder } from '../../ui/snippets.ts'
import { usualName } from '../../values/site/usual-name.ts'
import { DemoNotice } from '../../ui/demo-notice.tsx'

export const meta = titled(
  null,
  'An API compatible with OpenAI and Anthropic that shows the exact cost of every call.',
)

/** `GET /`: what this is and how to call it. */
export const loader = page(({ services }) =>
  Promise.resolve({ clients: clientsOf(services), isDemo: isDemoServing(services) }),
)

const promises = [
  {
    title: 'The programs you have',
    text: 'Codex, Claude Code, editors, and the OpenAI and Anthropic packages: change the base URL and the key.',
  },
  {
    title: 'Exact to the nano-dollar',
    text: 'Each call shows its tokens, its prices and its cost, to nine decimals. A failed call costs nothing.',
  },
  {
    title: 'Never more than you have',
    text: 'The most a call can cost is held before it starts. When it ends, what it did not use is released.',
  },
]

export default function Home() {
  const { clients, isDemo } = useLoaderData<typeof loader>()
  const { person, brand } = useRouteLoaderData<typeof rootLoader>('root') ?? {}
  const isSignedIn = Boolean(person)
  return (
    <>
      <div className="grid gap-5 py-4 sm:py-8">
        <h1 className="max-w-2xl text-3xl font-semibold tracking-tight text-balance sm:text-4xl">
          One API key for language models, and the exact cost of every call
        </h1>
        <p className="max-w-2xl text-lg text-muted">
          {brand?.name ?? usualName} speaks the APIs of OpenAI and Anthropic. It forwards your
          calls, counts their tokens and charges your prepaid credit or your plan.
        </p>
        <div className="flex flex-wrap gap-3">
          {isSignedIn ? (
            <ButtonLink to={dashboardPath}>Open the dashboard</ButtonLink>
          ) : (
            <ButtonLink to={loginPath()}>Sign in to get a key</ButtonLink>
          )}
          <ButtonLink look="secondary" to={modelsPath}>
            Models and prices
          </ButtonLink>
          <ButtonLink look="secondary" to={docsPath}>
            Documentation
          </ButtonLink>
        </div>
      </div>
      <ul className="grid gap-6 border-y border-line py-6 md:grid-cols-3">
        {promises.map(({ title, text }) => (
          <li key={title}>
            <h2 className="font-semibold">{title}</h2>
            <p className="mt-1 text-sm text-muted">{text}</p>
          </li>
        ))}
      </ul>
      <section aria-labelledby="call" className="grid gap-4">
        <h2 id="call" className="text-xl font-semibold tracking-tight">
          Call it
        </h2>
        {isDemo && <DemoNotice />}
        <ClientSnippets clients={clients} shownKey={keyPlaceholder} />
      </section>
    </>
  )
}
