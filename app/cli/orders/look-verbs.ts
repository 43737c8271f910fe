import { readAccount } from '../../accounts/accounts.server.ts'
import {
  askProvider,
  listEvents,
  listOrders,
  listReversals,
  mayAsk,
  orderNumber,
  type Asked,
} from '../../payments/payments.server.ts'
import { limits } from '../../config/limits.ts'
import { orderStates } from '../../values/payments/order-states.ts'
import { paymentProviderNames } from '../../values/payments/payment-providers.ts'
import { formatUsdShort } from '../../values/money.ts'
import type { Verb } from '../verb.ts'
import { done, facts, money, noSuchAccount, refused, table, timeText } from '../verb-result.ts'
import { amountText, orderDocument, withOrder } from './shown-order.ts'

const list: Verb = {
  usage: 'order list [--account N] [--state STATE] [--provider NAME] [--begins DIGITS] [--rows N]',
  does: `List orders, the newest first; states are ${orderStates.join(', ')}`,
  isReading: true,
  prepare(args) {
    const search = {
      accountId: args.whole('account', null),
      state: args.word('state', null, orderStates),
      provider: args.word('provider', null, paymentProviderNames),
      begins: args.text('begins', '', { form: /^[\da-f]{1,32}$/, wants: 'how a number begins' }),
      rows: args.whole('rows', limits.payments.pageRows, 1, 1_000),
    }
    return async ({ pool }) => {
      const { accountId } = search
      if (accountId !== null && !(await readAccount(pool, accountId)))
        return noSuchAccount(accountId)
      const { orders } = await listOrders(pool, search)
      const heads = ['order', 'account', 'state', 'provider', 'amount', 'credit USD', 'made']
      const rows = orders.map((order) => [
        orderNumber(order),
        order.accountId,
        order.state,
        order.provider,
        amountText(order),
        formatUsdShort(order.creditNanos),
        timeText(order.createdAt),
      ])
      return done({ orders: orders.map(orderDocument) }, table(heads, rows))
    }
  },
}

const show: Verb = {
  usage: 'order show <order>',
  does: 'Show one order, its refunds and disputes, and what its provider has told',
  isReading: true,
  prepare: (args) =>
    withOrder(args, async ({ pool }, order) => {
      const [reversals, events] = await Promise.all([
        listReversals(pool, order),
        listEvents(pool, order),
      ])
      const document = {
        ...orderDocument(order),
        reversals: reversals.map(({ nanos, amountMinor, createdAt, ...it }) => ({
          ...it,
          amount: amountText(order, amountMinor),
          ...money('taken', nanos),
          created_at: timeText(createdAt),
        })),
        events: events.map(({ receivedAt, eventId, eventKind, ...it }) => ({
          event: eventId,
          kind: eventKind,
          ...it,
          received_at: timeText(receivedAt),
        })),
      }
      const text = [
        facts(orderDocument(order)),
        table(
          ['reversal', 'kind', 'state', 'amount', 'credit USD', 'by'],
          reversals.map((it) => [
            it.id,
            it.kind,
            it.state,
            amountText(order, it.amountMinor),
            formatUsdShort(it.nanos),
            it.actor,
          ]),
        ),
        table(
          ['event', 'kind', 'verdict', 'times', 'first at'],
          events.map((it) => [
            it.eventId,
            it.eventKind,
            it.verdict,
            it.times,
            timeText(it.receivedAt),
          ]),
        ),
      ]
      return done(document, text.join('\n\n'))
    }),
}

function saidOf(verdict: Asked): string {
  if (verdict === 'credited') return 'It was paid, and its credit is booked'
  if (verdict === 'mismatch' || verdict === 'over the limit')
    return 'What came in cannot be booked as it was ordered: see "order show"'
  return 'Nothing new'
}

const check: Verb = {
  usage: 'order check <order> [--late]',
  does:
    'Ask the provider whether an order was paid, and book what it says; also of one that has expired ' +
    `or failed, for ${limits.payments.onItsWayDaysMax} days, and with --late after that`,
  prepare(args) {
    const isApproved = args.has('late')
    return withOrder(args, async (context, order) => {
      const number = orderNumber(order)
      if (!mayAsk(order, true)) {
        const was = order.paidAt === null ? 'closed' : 'paid'
        const words = `Order ${number} was ${was} before. Nothing was changed.`
        return done({ ...orderDocument(order), verdict: 'repeated' }, words)
      }
      const verdict = await askProvider(await context.payments(), order, isApproved)
      if (verdict === 'away')
        return refused(
          'provider_away',
          `${order.provider} could not be asked. Nothing was changed.`,
        )
      if (verdict === 'credited') await context.announceMoney(order.accountId)
      if (verdict === 'late')
        return refused(
          'paid_late',
          `It was paid after the ${limits.payments.onItsWayDaysMax} days in which that is booked by ` +
            'itself. Nothing was changed: give it back at the provider, or book it with --late.',
        )
      return done({ order: number, verdict }, `${saidOf(verdict)} (${verdict}).`)
    })
  },
}

export const orderLookVerbs = [list, show, check]
