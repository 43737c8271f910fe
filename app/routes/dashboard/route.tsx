import { data } from '@remix-run/node'
import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { takeFirstKey } from '../../auth/auth.server.ts'
import { readOverview } from '../../billing/billing.server.ts'
import { listKeys } from '../../keys/keys.server.ts'
import {
  callRow,
  clientsOf,
  isDemoServing,
  personalPage,
  whoseCalls,
} from '../../pages/pages.server.ts'
import { NoCredit } from './no-credit.tsx'
import { readSpend } from './spend.server.ts'
import { readHeldLimits } from '../../rates/rates.server.ts'
import { readCap } from '../../teams/teams.server.ts'
import { contactUrl, readTopUpWays } from '../../payments/payments.server.ts'
import { addCreditPath, callPath, keysPath, redeemPath, usagePath } from '../../paths.ts'
import { CallsTable } from '../../ui/account/calls-table.tsx'
import type { AccountStatus } from '../../values/account-statuses.ts'
import { Card } from '../../ui/card.tsx'
import { ClientSnippets } from '../../ui/client-snippets.tsx'
import { DemoNotice } from '../../ui/demo-notice.tsx'
import { Empty } from '../../ui/empty.tsx'
import { keyPlaceholder } from '../../ui/snippets.ts'
import { TextLink } from '../../ui/link.tsx'
import { MoneyOverview } from '../../ui/account/money-overview.tsx'
import { NewSecret } from '../../ui/account/new-secret.tsx'
import { OwnLimits } from '../../ui/account/own-limits.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { everything, listCalls } from '../../usage/usage.server.ts'
import { DaysChart } from '../../ui/account/usage-sums.tsx'
import { SumsTable } from '../../ui/account/sums-table.tsx'
import { useLive } from './use-live.ts'
import { may } from '../../values/teams/roles.ts'
import { clockNow } from '../../values/clock.ts'

export const meta: MetaFunction = () => [{ title: 'Dashboard · AI API Relay' }]

const callsShown = 10
const keysLookedAt = 20

/** `GET /dashboard`: the money of the account now, and what it was spent on last. */
export const loader = personalPage(async ({ request, person, services }) => {
  const { db } = services
  const { accountId, role } = person
  const userId = whoseCalls(person)
  const first = await takeFirstKey(request, services)
  const now = clockNow()
  const newest = { before: null, after: null, page: 1, rows: callsShown }
  const [overview, spend, last, keys, ways, held, cap] = await Promise.all([
    readOverview(db, accountId, now),
    readSpend(db, { accountId, userId }, now),
    listCalls(db, accountId, { ...everything, userId }, newest),
    // Usable ones come first, the newest of them at the top.
    listKeys(db, accountId, keysLookedAt, may(role, 'manage-all-keys') ? null : person.userId),
    readTopUpWays(db, services.env),
    readHeldLimits(db, { accountId }),
    readCap(db, accountId, person.userId),
  ])
  const key = keys.find(({ revokedAt, expired }) => revokedAt === null && expired === 0)
  const shown = {
    firstKey: first?.secret ?? null,
    status: overview.status,
    overview: may(role, 'see-money') ? overview : null,
    hasKeys: may(role, 'manage-own-keys'),
    isWithoutCredit: overview.availableNanos <= 0 && overview.heldNanos <= 0,
    owedNanos: may(role, 'see-money') ? Math.max(0, -overview.availableNanos) : 0,
    spend,
    calls: last.calls.map(callRow),
    hasMore: last.older !== undefined,
    key: key ? { name: key.name, masked: `${key.prefix}…${key.lastFour}` } : null,
    clients: clientsOf(services),
    isDemo: isDemoServing(services),
    ways: { ...ways, contactUrl: contactUrl(ways.contact) ?? null },
    mayAdd: may(person.role, 'manage-money'),
    held,
    cap: cap ?? null,
  }
  return data(shown, { headers: first?.headers })
})

/** What a person must know of the state of their account. */
const notices = {
  active: null,
  suspended: {
    title: 'This account is suspended',
    text: 'Its keys cannot make calls. Ask whoever runs this relay.',
  },
} satisfies Record<AccountStatus, { title: string; text: string } | null>

export default function Dashboard() {
  const page = useLoaderData<typeof loader>()
  const { firstKey, status, overview, hasKeys, spend, calls, hasMore, key, clients, isDemo } = page
  const notice = notices[status]
  // The first key is shown once: a fresh copy of this page would be without it.
  useLive(firstKey === null)
  return (
    <>
      <PageTitle>Dashboard</PageTitle>
      {firstKey && <NewSecret name="First key" secret={firstKey} clients={clients} />}
      {isDemo && <DemoNotice />}
      {notice && (
        <Notice tone="bad" title={notice.title}>
          <p>{notice.text}</p>
        </Notice>
      )}
      {page.isWithoutCredit && (
        <NoCredit
          isNew={calls.length === 0}
          owedNanos={page.owedNanos}
          mayAdd={page.mayAdd}
          addPath={addCreditPath}
          redeemPath={redeemPath}
          ways={page.ways}
        />
      )}
      {overview && <MoneyOverview overview={overview} />}
      <OwnLimits held={page.held} cap={page.cap} />
      {spend.models.length > 0 && (
        <>
          <Card title="Spend by day" aside="The last 30 days, UTC">
            <DaysChart days={spend.days} chart={spend.chart} measure="cost" />
          </Card>
          <Card title="Spend by model" aside="The last 30 days" isFlush>
            <SumsTable label="Spend by model" head="Model" rows={spend.models} />
          </Card>
        </>
      )}
      <Card
        title="Last calls"
        aside={hasMore && <TextLink to={usagePath}>All calls</TextLink>}
        isFlush
      >
        {calls.length > 0 ? (
          <CallsTable label="Last calls" calls={calls} pathOf={callPath} />
        ) : (
          <Empty title="No calls yet">Make one with the lines below, then reload this page.</Empty>
        )}
      </Card>
      {hasKeys && (
        <Card title="Call it">
          {key ? (
            <div className="grid gap-3">
              <p className="text-sm text-muted">
                Replace <code className="font-mono text-ink">{keyPlaceholder}</code> with the whole
                of your key “{key.name}” ({key.masked}): only its two ends are kept here. Lost it?{' '}
                <TextLink to={keysPath}>Create another</TextLink>
              </p>
              <ClientSnippets clients={clients} shownKey={keyPlaceholder} />
            </div>
          ) : (
            <p className="text-sm text-muted">
              You have no key that works. <TextLink to={keysPath}>Create one</TextLink>
            </p>
          )}
        </Card>
      )}
    </>
  )
}
