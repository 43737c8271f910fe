import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { personalPage } from '../../pages/pages.server.ts'
import { readBillingPage } from './read.server.ts'
import { billingPath, callPath } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { EntriesTable } from './entries-table.tsx'
import { HoldsTable } from './holds-table.tsx'
import { MoneyOverview } from '../../ui/account/money-overview.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { MonthForm, StatementTable } from './statement.tsx'
import { SwitchLinks } from '../../ui/switch-links.tsx'
import { clockNow } from '../../values/clock.ts'

export const meta: MetaFunction = () => [{ title: 'Billing · AI API Relay' }]

/**
 * `GET /billing`: the account's money, and the ledger by month. `month` chooses one, `show=credits`
 * leaves the charges out, `before` goes on behind an entry.
 */
export const loader = personalPage(({ request, person, services: { db } }) =>
  readBillingPage(db, person.accountId, request.url, clockNow()),
)

const showWords = { all: 'All', credits: 'Without charges' }

export default function Billing() {
  const page = useLoaderData<typeof loader>()
  const { overview, holds, hasMoreHolds, statement, months, show, entries, shows } = page
  return (
    <>
      <PageTitle>Billing</PageTitle>
      <MoneyOverview overview={overview} />
      <Card title="Open holds" aside="Released when the call ends" isFlush>
        {holds.length > 0 ? (
          <HoldsTable holds={holds} hasMore={hasMoreHolds} />
        ) : (
          <Empty title="Nothing is held">
            While a call runs, the most it can cost is held. When it ends, what it did not use is
            released.
          </Empty>
        )}
      </Card>
      <Card
        title={`Statement of ${statement.month}`}
        aside={<MonthForm action={billingPath} months={months} month={statement.month} />}
        isFlush
      >
        <StatementTable {...statement} />
      </Card>
      <Card
        title={`Ledger of ${statement.month}`}
        aside={
          <SwitchLinks
            label="Entries"
            links={shows.map((link) => ({ ...link, text: showWords[link.show] }))}
          />
        }
        isFlush
      >
        {entries.length > 0 ? (
          <EntriesTable entries={entries} callPath={callPath} />
        ) : (
          <Empty title="No entries">
            {show === 'credits'
              ? 'No credit was added or taken away in this month.'
              : 'No money came or went in this month.'}
          </Empty>
        )}
        <Pager {...page.pages} />
      </Card>
    </>
  )
}
