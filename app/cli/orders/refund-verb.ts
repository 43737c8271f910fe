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
  'not paid': 'has had no credit for a payment, so there is nothing to give back here',
  'more than is left': 'has less left than that',
  'no such provider': 'was paid through a provider that is not configured here',
  'no such refund': 'has no refund of that number',
  'too many':
    'has had as many refunds and disputes as may be; give the rest back at the provider, whose event ' +
    'takes the credit',
}

function answerOf(order: Order, refund: Refunded, isNamed: boolean): VerbResult {
  const number = orderNumber(order)
  if (refund.state === 'refused')
    return refused('not_refundable', `Order ${number} ${refusals[refund.why]}.`)
  const amount = amountText(order, refund.amountMinor)
  const id = refund.reversalId
  const known = { order: number, refund: id, amount }
  switch (refund.state) {
    case 'refunded':
      return done({ ...known, state: 'refunded' }, `${amount} were given back (refund ${id}).`)
    case 'was made':
      return isNamed
        ? done({ ...known, state: 'refunded' }, `Refund ${id} of ${amount} is done.`)
        : refused(
            'refund_made',
            `Refund ${id} of ${amount} was made within the last day, and nothing was done now. ` +
              'Where as much is to be given back once more, say --another.',
          )
    case 'had failed':
      return refused('refund_failed', `Refund ${id} of ${amount} has failed. Nothing was done now.`)
    case 'under way':
      return refused(
        'refund_under_way',
        `Refund ${id} of ${amount} is under way. First end it, with --again ${id}.`,
      )
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
          `"order refund ${number} --again ${id}" goes on with this refund, and makes no second one.`,
      )
    case 'unsure':
      return refused(
        'refund_unsure',
        `Look at the provider's own pages whether ${amount} were given back: ${refund.why}. Then say ` +
          'so with --answer done, or --answer failed.',
      )
  }
}

/** Something was done or asked for now, which the log is to say. */
const isWork = (
  refund: Refunded,
): refund is Extract<Refunded, { state: 'refunded' | 'failed' | 'away' | 'unsure' }> =>
  refund.state === 'refunded' ||
  refund.state === 'failed' ||
  refund.state === 'away' ||
  refund.state === 'unsure'

type Wish = { amountMinor: number | null; again: number | null; isAnother: boolean }

async function giveBack(context: Context, order: Order, wish: Wish) {
  const { pool, actor } = context
  const refund = await refundOrder(await context.payments(), order, { ...wish, actor })
  if (isWork(refund)) {
    await context.announceMoney(order.accountId)
    const detail = { state: refund.state, amount: amountText(order, refund.amountMinor) }
    await logAdmin(pool, {
      actor,
      action: 'order refund',
      subject: `order ${orderNumber(order)}`,
      detail,
    })
  }
  return answerOf(order, refund, wish.again !== null)
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
  usage: 'order refund <order> [--amount AMOUNT] [--again N] [--another] [--answer WORD]',
  does:
    'Give a payment back through its provider, or part of it in the currency that was paid, and take ' +
    'the credit; --again goes on with a refund that was begun, by its number, and makes none; --another ' +
    'makes one more of an amount that was given back within a day; --answer done, or failed, says ' +
    'what became of one that only the provider’s pages show',
  prepare(args) {
    const text = args.text('amount', null, {
      form: /^\d+(\.\d{1,2})?$/,
      wants: 'such as 5 or 5.25',
    })
    const amountMinor = text === null ? null : (parseMinor(text) ?? 0)
    const said = args.word('answer', null, ['done', 'failed'] as const)
    const wish = { amountMinor, again: args.whole('again', null), isAnother: args.has('another') }
    return withOrder(args, (context, order) =>
      said === null ? giveBack(context, order, wish) : answer(context, order, said),
    )
  },
}
