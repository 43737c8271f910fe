import { data } from '@remix-run/node'
import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { takeFirstKey } from '../auth/auth.server.ts'
import { listKeys } from '../keys/keys.server.ts'
import { personalPage, readOverview } from '../pages/pages.server.ts'
import { keysPath } from '../paths.ts'
import { curlSnippet } from '../snippets.ts'
import { CallsTable } from '../ui/calls-table.tsx'
import { Card } from '../ui/card.tsx'
import { DemoNotice } from '../ui/demo-notice.tsx'
import { Empty } from '../ui/empty.tsx'
import { TextLink } from '../ui/link.tsx'
import { MoneyOverview } from '../ui/money-overview.tsx'
import { NewSecret } from '../ui/new-secret.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-frame.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { formatCallId } from '../call-id.ts'
import { listRecentCalls } from '../usage/usage.server.ts'

export const meta: MetaFunction = () => [{ title: 'Dashboard · AI API Relay' }]

const callsShown = 10
const keysLookedAt = 20

/** `GET /dashboard`: the money of the account now, and what it was spent on last. */
export const loader = personalPage(async ({ request, person, services }) => {
  const { db, env, upstream } = services
  const { accountId } = person
  const first = await takeFirstKey(request, services)
  const any = { before: null, model: null, statusCode: null, outcome: null }
  const [overview, calls, keys] = await Promise.all([
    readOverview(db, accountId, new Date()),
    listRecentCalls(db, { ...any, accountId, rows: callsShown }),
    // Usable ones come first, the newest of them at the top.
    listKeys(db, accountId, keysLookedAt),
  ])
  const key = keys.find(({ revokedAt, expired }) => revokedAt === null && expired === 0)
  const shown = {
    firstKey: first?.secret ?? null,
    overview,
    calls: calls.map((call) => ({
      id: formatCallId(call.id),
      startedAt: call.startedAt,
      model: call.model,
      statusCode: call.statusCode,
      outcome: call.outcome,
      isStreamed: call.streamed === 1,
      inputTokens: call.inputTokens,
      outputTokens: call.outputTokens,
      costNanos: call.costNanos,
    })),
    key: key ? { name: key.name, masked: `${key.prefix}…${key.lastFour}` } : null,
    address: env.APP_URL,
    isDemo: upstream.isDemo,
  }
  return data(shown, { headers: first?.headers })
})

export default function Dashboard() {
  const { firstKey, overview, calls, key, address, isDemo } = useLoaderData<typeof loader>()
  return (
    <>
      <PageTitle>Dashboard</PageTitle>
      {firstKey && <NewSecret name="First key" secret={firstKey} address={address} />}
      {isDemo && <DemoNotice />}
      {overview.status !== 'active' && (
        <Notice tone="bad" title="This account is suspended">
          <p>Its keys start no calls. Ask whoever runs this relay.</p>
        </Notice>
      )}
      <MoneyOverview overview={overview} />
      <Card title="Last calls" isFlush>
        {calls.length > 0 ? (
          <CallsTable calls={calls} />
        ) : (
          <Empty title="No calls yet">Make one with the lines below, then reload this page.</Empty>
        )}
      </Card>
      <Card title="Call it">
        {key ? (
          <div className="grid gap-3">
            <p className="text-sm text-muted">
              Put the whole of your key “{key.name}” in place of{' '}
              <code className="font-mono text-ink">{key.masked}</code>: only its two ends are known
              here. Lost it? <TextLink to={keysPath}>Make another</TextLink>
            </p>
            <Snippet title="curl" text={curlSnippet(address, key.masked)} />
          </div>
        ) : (
          <p className="text-sm text-muted">
            You have no key that works. <TextLink to={keysPath}>Create one</TextLink>
          </p>
        )}
      </Card>
    </>
  )
}
