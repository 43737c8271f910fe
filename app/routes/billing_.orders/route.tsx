import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData } from '@remix-run/react'
import { personalPage, requireRight } from '../../pages/pages.server.ts'
import { billingPath, orderPath, ordersPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { FindOrders } from './find-orders.tsx'
import { OrdersTable } from './orders-table.tsx'
import { readOrdersPage } from './read.server.ts'
import { msg } from '../../values/language/msg.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Orders`)

/** `GET /billing/orders`: what was ordered and paid. `number` and `state` narrow, `before` goes on. */
export const loader = personalPage(({ request, person, services: { db } }) => {
  requireRight(person, 'see-money')
  return readOrdersPage(db, person.accountId, request.url)
})

export default function Orders() {
  const { t } = useLingui()
  const { filter, orders, pages } = useLoaderData<typeof loader>()
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={billingPath}>
            <Trans>Billing</Trans>
          </TextLink>
        }
      >
        <Trans>Orders</Trans>
      </PageTitle>
      <Card title={t`Orders`} aside={<TimesIn />} isFlush>
        <FindOrders action={ordersPath} filter={filter} />
        {orders.length > 0 ? (
          <OrdersTable orders={orders} orderPath={orderPath} />
        ) : (
          <Empty title={t`No orders`}>
            <Trans>Whatever you pay for is listed here, with its state and its receipt.</Trans>
          </Empty>
        )}
        <Pager {...pages} />
      </Card>
    </>
  )
}
