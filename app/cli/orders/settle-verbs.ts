import {
  closeOrder,
  orderNumber,
  settleOrder,
  type NotSettled,
  type Order,
} from '../../payments/payments.server.ts'
import { formatUsdShort } from '../../values/money.ts'
import type { Verb } from '../verb.ts'
import { done, money, refused, type VerbResult } from '../verb-result.ts'
import { withOrder } from './shown-order.ts'

const notUnclear = (order: Order) =>
  refused(
    'not_unclear',
    `Order ${orderNumber(order)} has nothing that waits to be settled: see "order show".`,
  )

function refusalOf(order: Order, why: NotSettled): VerbResult {
  const number = orderNumber(order)
  switch (why) {
    case 'not unclear':
      return notUnclear(order)
    case 'no amount':
      return refused(
        'no_amount',
        `What came in for order ${number} is no amount in ${order.currency}. Close the order; ` +
          "give the money back on the provider's pages, or grant the credit.",
      )
    case 'went back':
      return refused(
        'went_back',
        `Money of order ${number} has gone back, or was disputed, since it came in: see "order ` +
          'show". Close the order; what is left of it can be granted.',
      )
    case 'over the limit':
      return refused('over_the_limit', 'The account would have more than an account may.')
  }
}

const settle: Verb = {
  usage: 'order settle <order> --credit USD',
  does: 'Give so much credit for what came in, where it is not what the order asked for',
  prepare(args) {
    const creditNanos = args.usd('credit', 0, 1)
    return withOrder(args, async (context, order) => {
      const number = orderNumber(order)
      const { actor } = context
      const answer = await settleOrder(await context.payments(), order, { creditNanos, actor })
      if (answer !== 'settled') return refusalOf(order, answer)
      await context.announceMoney(order.accountId)
      const document = { order: number, state: 'paid', ...money('credit', creditNanos) }
      return done(document, `Order ${number} is paid, for ${formatUsdShort(creditNanos)} USD.`)
    })
  },
}

const close: Verb = {
  usage: 'order close <order>',
  does: 'End an order whose payment is not what it asked for; the money goes back at its provider',
  prepare: (args) =>
    withOrder(args, async (context, order) => {
      const number = orderNumber(order)
      if (!(await closeOrder(await context.payments(), order, context.actor)))
        return notUnclear(order)
      const words = `Order ${number} is closed. Give the money back on the provider's pages.`
      return done({ order: number, state: 'closed' }, words)
    }),
}

export const orderSettleVerbs = [settle, close]
