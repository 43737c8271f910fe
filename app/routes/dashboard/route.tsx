import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState, type ComponentProps } from 'react'
import { data } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import type { Db } from '../../db/db.server.ts'
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
import { CallIt } from './call-it.tsx'
import { FirstRun } from './first-run.tsx'
import { NoCredit } from './no-credit.tsx'
import { SpendCards } from './spend-cards.tsx'
import { readSpend } from './spend.server.ts'
import { readHeldLimits } from '../../rates/rates.server.ts'
import { readCap } from '../../teams/teams.server.ts'
import { contactUrl, readTopUpWays } from '../../payments/payments.server.ts'
import {
  addCreditPath,
  callPath,
  dashboardPath,
  keysPath,
  playgroundPath,
  redeemPath,
  usagePath,
} from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { CallsTable } from '../../ui/account/calls-table.tsx'
import type { AccountStatus } from '../../values/account-statuses.ts'
import { Card } from '../../ui/card.tsx'
import { DemoNotice } from '../../ui/demo-notice.tsx'
import { Empty } from '../../ui/empty.tsx'
import { curlSnippet, keyPlaceholder } from '../../ui/snippets.ts'
import { TextLink } from '../../ui/link.tsx'
import { MoneyOverview } from '../../ui/account/money-overview.tsx'
import { NewSecret } from '../../ui/account/new-secret.tsx'
import { OwnLimits } from '../../ui/account/own-limits.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { everything, listCalls, totals } from '../../usage/usage.server.ts'
import { useLive } from './use-live.ts'
import { firstKeyName } from '../../values/keys/first-key.ts'
import { msg } from '../../values/language/msg.ts'
import { may } from '../../values/teams/roles.ts'
import { clockNow } from '../../values/clock.ts'

export const meta = titled(msg`Dashboard`)

const callsShown = 10
const keysLookedAt = 20

const pollMs = { usual: 15_000, firstRun: 4_000 }
const isGood = ({ statusCode }: { statusCode: number }) => statusCode >= 200 && statusCode < 300

/** Whether a call of theirs was ever answered well; the last ones are known. */
async function wasAnswered(
  db: Db,
  { accountId, userId }: { accountId: number; userId: number | null },
  last: { statusCode: number }[],
): Promise<boolean> {
  if (last.some(isGood)) return true
  return (await totals(db, accountId, { ...everything, userId, status: '2xx' })).calls > 0
}

/** `GET /dashboard`: the money of the account now, and what it was spent on last. */
export const loader = personalPage(async ({ request, person, services }) => {
  const { db } = services
  const { accountId, role, zone } = person
  const userId = whoseCalls(person)
  const first = await takeFirstKey(request, services)
  const now = clockNow()
  const newest = { before: null, after: null, page: 1, rows: callsShown }
  const [overview, spend, last, keys, ways, held, cap] = await Promise.all([
    readOverview(db, accountId, now, zone),
    readSpend(db, { accountId, userId, zone }, now),
    listCalls(db, accountId, { ...everything, userId }, newest),
    // Usable ones come first, the newest of them at the top.
    listKeys(db, accountId, keysLookedAt, may(role, 'manage-all-keys') ? null : person.userId),
    readTopUpWays(db, services.env),
    readHeldLimits(db, { accountId }),
    readCap(db, accountId, person.userId),
  ])
  const hasKeys = may(role, 'manage-own-keys')
  const isFirstRun = hasKeys && !(await wasAnswered(db, { accountId, userId }, last.calls))
  // Of the playground's key nobody has the secret, for a program to be set up with.
  const key = keys.find((it) => it.revokedAt === null && it.expired === 0 && !it.isPlayground)
  const shown = {
    firstKey: first?.secret ?? null,
    status: overview.status,
    overview: may(role, 'see-money') ? overview : null,
    hasKeys,
    isFirstRun,
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
    title: msg`This account is suspended`,
    text: msg`Its keys cannot make calls. Ask whoever runs this relay.`,
  },
} satisfies Record<AccountStatus, { title: MessageDescriptor; text: MessageDescriptor } | null>

/** Whoever waited for it has seen it come. */
const Answered = ({ to }: { to: string }) => {
  const { t } = useLingui()
  return (
    <Notice tone="good" title={t`Your first call was answered`} isAnswer>
      <p>
        <Trans>
          <TextLink to={to}>Its receipt</TextLink> says what it cost.
        </Trans>
      </p>
    </Notice>
  )
}

type LastCallsProps = Omit<ComponentProps<typeof CallsTable>, 'label' | 'pathOf'> & {
  hasMore: boolean
}

const LastCalls = ({ calls, hasMore }: LastCallsProps) => {
  const { t } = useLingui()
  return (
    <Card
      title={t`Last calls`}
      aside={
        hasMore && (
          <TextLink to={usagePath}>
            <Trans>All calls</Trans>
          </TextLink>
        )
      }
      isFlush
    >
      {calls.length > 0 ? (
        <CallsTable label={t`Last calls`} calls={calls} pathOf={callPath} />
      ) : (
        <Empty title={t`No calls yet`}>
          <Trans>They are listed here as soon as they have ended.</Trans>
        </Empty>
      )}
    </Card>
  )
}

export default function Dashboard() {
  const page = useLoaderData<typeof loader>()
  const { t } = useLingui()
  const { status, overview, hasKeys, spend, calls, hasMore, key, clients, isDemo, isFirstRun } =
    page
  const notice = notices[status]
  // The first key is shown once: a fresh copy of the figures is without it.
  const [firstKey] = useState(page.firstKey)
  const [wasFirstRun] = useState(isFirstRun)
  useLive(isFirstRun ? pollMs.firstRun : pollMs.usual)
  const credit = {
    mayAdd: page.mayAdd,
    addPath: addCreditPath,
    redeemPath,
    ways: page.ways,
  }
  return (
    <>
      <PageTitle>
        <Trans>Dashboard</Trans>
      </PageTitle>
      {firstKey && <NewSecret name={firstKeyName} secret={firstKey} clients={clients} />}
      {isDemo && <DemoNotice />}
      {notice && (
        <Notice tone="bad" title={t(notice.title)}>
          <p>{t(notice.text)}</p>
        </Notice>
      )}
      {isFirstRun ? (
        <FirstRun
          keyInUse={key}
          availableNanos={overview && overview.availableNanos}
          hasCredit={!page.isWithoutCredit}
          credit={credit}
          curl={curlSnippet(clients, firstKey ?? keyPlaceholder)}
          tried={calls[0]}
          paths={{
            keys: keysPath,
            dashboard: dashboardPath,
            playground: playgroundPath(),
            call: callPath,
          }}
        />
      ) : (
        page.isWithoutCredit && <NoCredit {...credit} owedNanos={page.owedNanos} />
      )}
      {wasFirstRun && !isFirstRun && calls[0] && <Answered to={callPath(calls[0].id)} />}
      {overview && !isFirstRun && <MoneyOverview overview={overview} />}
      <OwnLimits held={page.held} cap={page.cap} />
      {!isFirstRun && <SpendCards spend={spend} />}
      {(calls.length > 0 || !isFirstRun) && <LastCalls calls={calls} hasMore={hasMore} />}
      {hasKeys && <CallIt keyInUse={key} clients={clients} keysPath={keysPath} />}
    </>
  )
}
