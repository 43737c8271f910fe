import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useRouteError,
  useRouteLoaderData,
  type MetaFunction,
} from '@remix-run/react'
import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import type { HeadersFunction, LoaderFunctionArgs } from '@remix-run/node'
import { useContext, type ReactNode } from 'react'
import { findPerson, zoneIn } from './auth/auth.server.ts'
import { listAccountsOf } from './teams/teams.server.ts'
import { Nonce } from './ui/nonce.ts'
import { brandOf, languageOf, requestIdOf, themeOf } from './pages/pages.server.ts'
import {
  billingPath,
  dashboardPath,
  docsPath,
  homePath,
  keysPath,
  languagePath,
  loginPath,
  logoutPath,
  modelsPath,
  playgroundPath,
  settingsPath,
  themePath,
  switchPath,
  usagePath,
} from './paths.ts'
import type { PageServices } from './services.ts'
import { AccountSwitch } from './ui/account-switch.tsx'
import { PageFooter } from './ui/brand/page-footer.tsx'
import { titleTags } from './ui/brand/titled.ts'
import { Button, ButtonLink } from './ui/button.tsx'
import { ErrorPage, errorTitle } from './ui/error-page.tsx'
import { ForAccount } from './ui/forms/for-account.ts'
import { OtherAccount, type OtherAccounts } from './ui/forms/other-account.tsx'
import { PageFrame } from './ui/page-frame.tsx'
import { TextLink } from './ui/link.tsx'
import { useBrowserZone } from './ui/zone/browser-zone.ts'
import { Zone } from './ui/zone/zone.tsx'
import { msg } from './values/language/msg.ts'
import { usualName } from './values/site/usual-name.ts'
import { may, type Role } from './values/teams/roles.ts'
import './styles.css'

/** What the frame needs. It stands even when the database is away, so that an error has a page. */
export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const { services } = context
  const person = await findForFrame(request, services).catch((error: unknown) => {
    services.log.failed('frame_without_person', error, { request: requestIdOf(context) })
    return null
  })
  const [brand, theme] = [brandOf(services.env), themeOf(request)]
  const zone = person?.zone ?? zoneIn(request) ?? 'UTC'
  const language = person?.language ?? languageOf(request)
  return { requestId: requestIdOf(context), person, zone, language, brand, theme }
}

/** Who is signed in, as what, and the accounts that they can go on in. */
async function findForFrame(request: Request, services: PageServices) {
  const person = await findPerson(request, services)
  if (!person) return null
  const accounts = await listAccountsOf(services.db, person)
  const { name, role, accountId, zone, language } = person
  return { name, role, accountId, zone, language, accounts }
}

/** What a page that is refused says besides: when to come again, say. */
export const headers: HeadersFunction = ({ errorHeaders }) => errorHeaders ?? new Headers()

const statusOf = (error: unknown) => (isRouteErrorResponse(error) ? error.status : 500)

export const meta: MetaFunction = ({ error, matches }) =>
  titleTags(matches, error ? errorTitle(statusOf(error)) : null)

const publicLinks = [
  { to: modelsPath, text: msg`Models` },
  { to: docsPath, text: msg`Docs` },
]

const linksFor = (role: Role) => [
  { to: dashboardPath, text: msg`Dashboard` },
  { to: usagePath, text: msg`Usage` },
  ...(may(role, 'manage-own-keys')
    ? [
        { to: keysPath, text: msg`API keys` },
        { to: playgroundPath(), text: msg`Playground` },
      ]
    : []),
  ...(may(role, 'see-money') ? [{ to: billingPath, text: msg`Billing` }] : []),
  ...publicLinks,
  { to: settingsPath, text: msg`Settings` },
]

/** What a page that was refused has said. */
type Said = {
  title?: MessageDescriptor
  message?: string | MessageDescriptor
  requestId?: string
  accounts?: OtherAccounts
}
const saidIn = (error: unknown) =>
  (isRouteErrorResponse(error) ? error.data : null) as Said | null | undefined

/** Signing out loads a new page, so that nothing of this one stays in the browser's memory. */
const SignOut = ({ name }: { name: string }) => (
  <>
    <span className="max-w-40 truncate text-muted max-sm:hidden">{name}</span>
    <form method="post" action={logoutPath}>
      <Button look="secondary">
        <Trans>Sign out</Trans>
      </Button>
    </form>
  </>
)

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(Nonce)
  const { t, i18n } = useLingui()
  const { pathname, search } = useLocation()
  const frame = useRouteLoaderData<typeof loader>('root')
  const { person, brand, theme = 'system', zone = 'UTC' } = frame ?? {}
  useBrowserZone()
  const links = person ? linksFor(person.role) : publicLinks
  // After a form the frame is not read anew; the refusal knows where the session works by now.
  const here = saidIn(useRouteError())?.accounts?.now.id ?? person?.accountId
  return (
    <html lang={i18n.locale} data-theme={theme === 'system' ? undefined : theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {brand?.logo ? (
          <link rel="icon" href={brand.logo} />
        ) : (
          <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        )}
        <Meta />
        <Links />
        {brand?.sheet && <link rel="stylesheet" href={brand.sheet} />}
      </head>
      <body>
        <PageFrame
          name={brand?.name ?? usualName}
          logo={brand?.logo ?? null}
          home={homePath}
          links={links.map(({ to, text }) => ({ to, text: t(text) }))}
          aside={
            person ? (
              <>
                {person.accounts.length > 1 && (
                  <AccountSwitch
                    action={switchPath}
                    accounts={person.accounts}
                    current={here ?? person.accountId}
                  />
                )}
                <SignOut name={person.name} />
              </>
            ) : (
              <TextLink to={loginPath()}>
                <Trans>Sign in</Trans>
              </TextLink>
            )
          }
        >
          <ForAccount.Provider value={person?.accountId}>
            <Zone.Provider value={zone}>{children}</Zone.Provider>
          </ForAccount.Provider>
        </PageFrame>
        <PageFooter
          links={brand?.links ?? []}
          theme={theme}
          themeAction={themePath}
          languageAction={languagePath}
          returnTo={pathname + search}
        />
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary() {
  const error = useRouteError()
  const root = useRouteLoaderData<typeof loader>('root')
  const said = saidIn(error)
  return (
    <ErrorPage
      status={statusOf(error)}
      title={said?.title}
      message={said?.message}
      id={said?.requestId ?? root?.requestId}
      wayOut={
        said?.accounts ? (
          <OtherAccount {...said.accounts} action={switchPath} dashboard={dashboardPath} />
        ) : (
          <ButtonLink look="secondary" to={root?.person ? dashboardPath : homePath}>
            {root?.person ? <Trans>To the dashboard</Trans> : <Trans>To the home page</Trans>}
          </ButtonLink>
        )
      }
    />
  )
}
