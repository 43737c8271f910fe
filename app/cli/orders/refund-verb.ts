import { logAdmin } from '../../admin/admin.server.ts'
import {
  answerRefund,
  orderNumber,
  refundOrder,
  type Order,
  type Refunded,
} from '../../payments/payments.server.ts'
import { parseMinor } from '../../values/payments/payment-money.ts'
import type { Context } from '../context.ts'
import type { Verb } from '../verb.ts'
import { done, refused, type VerbResult } from '../verb-result.ts'
import { amountText, withOrder } from './shown-order.ts'

const refusals = {
  'not paid': 'was not paid, so there is nothing to give back',
  'more than is left': 'has less left than that',
  'no such provider': 'was paid through a provider that is not configured here',
}

function answerOf(order: Order, refund: Refunded): VerbResult {
  const number = orderNumber(order)
  if (refund.state === 'refused')
    return refused('not_refundable', `Order ${number} ${refusals[refund.why]}.`)
  const amount = amountText(order, refund.amountMinor)
  switch (refund.state) {
    case 'refunded':
      return done({ order: number, state: 'refunded', amount }, `${amount} were given back.`)
    case 'failed':
      return refused(
        'refund_failed',
        `The provider refuses to give ${amount} back, and the credit is the customer's again: ` +
          `${refund.why}.`,
      )
    case 'away':
      return refused(
        'provider_away',
        `The provider was not reached, and ${amount} may be on their way back. The credit is taken. ` +
          'The same command once more goes on with this refund, and makes no second one.',
      )
    case 'unsure':
      return refused(
        'refund_unsure',
        `Look at the provider's own pages whether ${amount} were given back: ${refund.why}. Then say ` +
          'so with --answer done, or --answer failed.',
      )
  }
}

async function giveBack(context: Context, order: Order, amountMinor: number | null) {
  const { pool, actor } = context
  const refund = await refundOrder(await context.payments(), order, { amountMinor, actor })
  if (refund.state !== 'refused') {
    await context.announceMoney(order.accountId)
    const detail = { state: refund.state, amount: amountText(order, refund.amountMinor) }
    await logAdmin(pool, {
      actor,
      action: 'order refund',
      subject: `order ${orderNumber(order)}`,
      detail,
    })
  }
  return answerOf(order, refund)
}

async function answer(context: Context, order: Order, said: 'done' | 'failed') {
  const { pool, actor } = context
  const number = orderNumber(order)
  if (!(await answerRefund(await context.payments(), order, said)))
    return refused('not_refundable', `No refund of order ${number} is under way.`)
  await context.announceMoney(order.accountId)
  const subject = `order ${number}`
  await logAdmin(pool, { actor, action: 'order refund', subject, detail: { answer: said } })
  return done({ order: number, state: said }, `The refund of order ${number} is ${said}.`)
}

export const orderRefundVerb: Verb = {
  usage: 'order refund <order> [--amount AMOUNT] [--answer WORD]',
  does:
    'Give a payment back through its provider, or part of it in the currency that was paid, and take ' +
    'the credit; --answer done, or failed, says what became of one that only the provider’s pages show',
  prepare(args) {
    const text = args.text('amount', null, {
      form: /^\d+(\.\d{1,2})?$/,
      wants: 'such as 5 or 5.25',
    })
    const amountMinor = text === null ? null : (parseMinor(text) ?? 0)
    const said = args.word('answer', null, ['done', 'failed'] as const)
    return withOrder(args, (context, order) =>
      said === null ? giveBack(context, order, amountMinor) : answer(context, order, said),
    )
  },
}
