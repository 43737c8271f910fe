import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { personalPage, requireRight } from '../../pages/pages.server.ts'
import { actOnBilling } from './act.server.ts'
import { AddCredit } from './add-credit.tsx'
import { CodesTable } from './codes-table.tsx'
import { OrdersTable } from '../billing_.orders/orders-table.tsx'
import { readBillingPage } from './read.server.ts'
import { billingPath, callPath, orderPath, ordersPath, plansPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { EntriesTable } from './entries-table.tsx'
import { HoldsTable } from './holds-table.tsx'
import { MoneyOverview } from '../../ui/account/money-overview.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { MonthForm, StatementTable } from './statement.tsx'
import { SwitchLinks } from '../../ui/switch-links.tsx'
import { msg } from '../../values/language/msg.ts'
import { formatUsdShort } from '../../values/money.ts'
import { may } from '../../values/teams/roles.ts'
import { clockNow } from '../../values/clock.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Billing`)

/**
 * `GET /billing`: the account's money, how more of it comes, and the ledger by month. `month` chooses
 * one, `show=all` lists every entry and `show=credits` leaves the charges out; `before` goes on
 * behind an entry; `redeemed=ID` says what a code has just brought.
 */
export const loader = personalPage(async ({ request, person, services }) => {
  requireRight(person, 'see-money')
  const page = await readBillingPage(services, person, request.url, clockNow())
  return { ...page, mayAdd: may(person.role, 'manage-money') }
})

/** `POST /billing`: redeems a code, or begins an order. Repeating it is harmless. */
export const action = personalPage(async (args) => {
  requireRight(args.person, 'manage-money')
  const answer = await actOnBilling(args)
  return data(answer, { status: answer.status })
})

const Added = ({ nanos, plan }: { nanos: number; plan: string | null }) => {
  const { t } = useLingui()
  const amount = formatUsdShort(nanos)
  return (
    <Notice
      tone="good"
      title={
        plan === null ? t`${amount} USD were added to your balance` : t`The plan ${plan} has begun`
      }
      isAnswer
    >
      <p>
        <Trans>Calls are let in with it from now on.</Trans>
      </p>
    </Notice>
  )
}

const Unknown = () => {
  const { t } = useLingui()
  return (
    <Notice tone="bad" title={t`This form has expired or came from another page`} isAnswer>
      <p>
        <Trans>Nothing was changed. Open this page again and send the form once more.</Trans>
      </p>
    </Notice>
  )
}

const showWords = {
  days: msg`By day`,
  all: msg`All entries`,
  credits: msg`Without charges`,
}

const Title = () => {
  const { t } = useLingui()
  return (
    <PageTitle
      aside={
        <nav aria-label={t`Billing`} className="flex gap-4 text-sm print:hidden">
          <TextLink to={plansPath}>
            <Trans>Plans</Trans>
          </TextLink>
          <TextLink to={ordersPath}>
            <Trans>Orders</Trans>
          </TextLink>
        </nav>
      }
    >
      <Trans>Billing</Trans>
    </PageTitle>
  )
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>

/** What came and went in the month, in the way that was chosen. */
const Ledger = ({ page }: { page: Page }) => {
  const { t } = useLingui()
  const { lines, pages, show, shows, withPlan } = page
  const { month } = page.statement
  return (
    <Card
      title={t`Ledger of ${month}`}
      aside={
        <SwitchLinks
          label={t`Entries`}
          links={shows.map((link) => ({ ...link, text: t(showWords[link.show]) }))}
        />
      }
      isFlush
    >
      {lines.length > 0 ? (
        <EntriesTable lines={lines} withPlan={withPlan} callPath={callPath} />
      ) : (
        <Empty title={t`No entries`}>
          {show === 'credits' ? (
            <Trans>No credit was added or taken away in this month.</Trans>
          ) : (
            <Trans>No money came or went in this month.</Trans>
          )}
        </Empty>
      )}
      <Pager {...pages} />
    </Card>
  )
}

export default function Billing() {
  const { t } = useLingui()
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { credit, mayAdd } = page
  const { overview, holds, hasMoreHolds, statement, months, withPlan } = page
  const { month } = statement
  return (
    <>
      <Title />
      {answer?.kind === 'unknown' && <Unknown />}
      {!answer && credit.added && <Added {...credit.added} />}
      <MoneyOverview overview={overview} />
      {mayAdd && <AddCredit action={billingPath} credit={credit} answer={answer} />}
      <Card title={t`Open holds`} aside={t`Released when the call ends`} isFlush>
        {holds.length > 0 ? (
          <HoldsTable holds={holds} hasMore={hasMoreHolds} withPlan={withPlan} />
        ) : (
          <Empty title={t`Nothing is held`}>
            <Trans>
              While a call runs, the most it can cost is held. When it ends, what it did not use is
              released.
            </Trans>
          </Empty>
        )}
      </Card>
      <Card
        title={t`Statement of ${month}`}
        aside={
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <TimesIn />
            <MonthForm action={billingPath} months={months} month={month} />
          </div>
        }
        isFlush
      >
        <StatementTable {...statement} withPlan={withPlan} />
      </Card>
      <Ledger page={page} />
      {credit.orders.length > 0 && (
        <Card
          title={t`Orders`}
          aside={
            <TextLink to={ordersPath}>
              <Trans>All orders</Trans>
            </TextLink>
          }
          isFlush
        >
          <OrdersTable orders={credit.orders} orderPath={orderPath} />
        </Card>
      )}
      {credit.codes.length > 0 && (
        <Card title={t`Redeemed codes`} aside={t`The last ones`} isFlush>
          <CodesTable codes={credit.codes} />
        </Card>
      )}
    </>
  )
}
