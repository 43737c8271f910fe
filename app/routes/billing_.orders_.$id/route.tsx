import { Trans, useLingui } from '@lingui/react/macro'
import { data, type HeadersFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { limits } from '../../config/limits.ts'
import {
  askAbout,
  findOwnOrder,
  formOf,
  personalPage,
  planOfOrder,
  requireRight,
  shownOrder,
  shownReversals,
} from '../../pages/pages.server.ts'
import { orderReceiptPath, ordersPath } from '../../paths.ts'
import { makePayable, mayAsk, readOwnOrder } from '../../payments/payments.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { providerWords } from '../../ui/account/order-words.tsx'
import { Card } from '../../ui/card.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { OrderFacts } from './order-facts.tsx'
import { OrderStanding } from './order-standing.tsx'
import { msg } from '../../values/language/msg.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Order`)

/** The page of whoever has come back from paying looks again by itself, also without JavaScript. */
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders

/**
 * `GET /billing/orders/:id`: where an order stands. As long as it waits its provider is asked, so that
 * nobody depends on an event; any query says that somebody has come back from there.
 */
export const loader = personalPage(async (args) => {
  const { request, person, services, leave } = args
  requireRight(person, 'see-money')
  const found = await findOwnOrder(args)
  // Others of the account need not wait for the provider.
  leave()
  const asked = found.state === 'pending' ? await askAbout(services, found) : undefined
  const order = (await readOwnOrder(services.db, person.accountId, found.publicId)) ?? found
  const isBack = new URL(request.url).search !== ''
  const shown = {
    order: { ...shownOrder(order), plan: await planOfOrder(services, order) },
    reversals: await shownReversals(services, order),
    isBack,
    isAway: asked === 'away',
  }
  const isWaiting = isBack && shown.order.isOpen
  return data(shown, {
    headers: isWaiting ? { refresh: String(limits.payments.refreshSeconds) } : {},
  })
})

/** `POST /billing/orders/:id`: has it made payable, or asks whether it was paid. Both can be repeated. */
export const action = personalPage(async (args) => {
  const { request, person, services } = args
  requireRight(person, 'manage-money')
  const order = await findOwnOrder(args)
  const intent = (await formOf(request)).get('intent')
  args.leave()
  if (intent === 'pay' && order.state === 'created')
    return { said: await makePayable(services.payments, order) } as const
  if (intent !== 'ask') return { said: 'nothing' } as const
  // Somebody, or another page, has looked before.
  if (!mayAsk(order)) return { said: order.paidAt === null ? 'unclear' : 'credited' } as const
  const verdict = await askAbout(services, order)
  if (verdict === 'mismatch' || verdict === 'over the limit') return { said: 'unclear' } as const
  const isNews = verdict === 'credited' || verdict === 'away' || verdict === 'late'
  return { said: isNews ? verdict : 'nothing' } as const
})

const answers = {
  payable: { tone: 'good', title: msg`The payment can be made now` },
  over: { tone: 'info', title: msg`The order has been paid or has ended meanwhile` },
  credited: { tone: 'good', title: msg`The payment has come in` },
  away: {
    tone: 'bad',
    title: msg`The provider cannot be reached right now. Try again in a moment.`,
  },
  late: {
    tone: 'warn',
    title: msg`This was paid long after the order had ended. Whoever runs this relay sees to it: ask them.`,
  },
  unclear: { tone: 'warn', title: msg`What came in is not what was asked for: see below` },
  nothing: { tone: 'info', title: msg`Nothing new: the provider knows of no payment yet` },
} as const

export default function OrderPage() {
  const { t } = useLingui()
  const { order, reversals, isBack, isAway } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { number } = order
  const digits = number.slice(0, 8)
  const provider = t(providerWords[order.provider])
  const said = answer && answers[answer.said]
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={ordersPath}>
            <Trans>All orders</Trans>
          </TextLink>
        }
      >
        <Trans>Order {digits}</Trans>
      </PageTitle>
      {said && <Notice tone={said.tone} title={t(said.title)} isAnswer />}
      {isAway && (
        <Notice tone="warn" title={t`${provider} cannot be reached right now`}>
          <p>
            <Trans>It is asked again by itself. What you have paid is not lost.</Trans>
          </p>
        </Notice>
      )}
      <Card title={t`Where it stands`}>
        <OrderStanding order={order} isBack={isBack} receipt={orderReceiptPath(number)} />
      </Card>
      <Card title={t`What it is`} aside={<TimesIn />}>
        <OrderFacts order={order} reversals={reversals} />
      </Card>
    </>
  )
}
