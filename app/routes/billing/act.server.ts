import type { MessageDescriptor } from '@lingui/core'
import { redirect } from '@remix-run/node'
import { z } from 'zod'
import { announceMoney } from '../../ledger/ledger.server.ts'
import {
  formOf,
  limitAddress,
  spendFormToken,
  type PersonalArgs,
} from '../../pages/pages.server.ts'
import { orderPath, ordersPath, redeemedPath } from '../../paths.ts'
import {
  redeemCode,
  startOrder,
  type CodeRefusal,
  type Started,
} from '../../payments/payments.server.ts'
import { clockMs } from '../../values/clock.ts'
import { msg } from '../../values/language/msg.ts'
import { parseUsd } from '../../values/money.ts'
import {
  paymentProviderNames,
  type PaymentProviderName,
} from '../../values/payments/payment-providers.ts'
import { dayIn } from '../../values/zones/zone-days.ts'

const Intent = z.discriminatedUnion('intent', [
  // Whatever is in its place, a file too, is told what it is not.
  z.object({ intent: z.literal('redeem'), code: z.unknown() }),
  z.object({
    intent: z.literal('pay'),
    provider: z.enum(paymentProviderNames),
    amount: z.string().max(20),
    formToken: z.string().max(50),
  }),
])

type NoOrder = Extract<Started, { state: 'refused' }>['why']

type BillingAnswer =
  | { kind: 'code'; status: number; typed: string; error: MessageDescriptor }
  | { kind: 'pay'; status: number; error: MessageDescriptor }
  | { kind: 'unknown'; status: 400 }

/** Why a code gave nothing, in words, and with which status. */
function wordsOf(refusal: CodeRefusal, zone: string): { status: number; error: MessageDescriptor } {
  switch (refusal.state) {
    case 'no code':
      return { status: 400, error: refusal.why }
    case 'unknown':
      return {
        status: 404,
        error: msg`There is no such code. Compare it once more; if it is right, ask whoever gave it to you.`,
      }
    case 'repeated': {
      const day = dayIn(zone, refusal.redeemedAt.getTime())
      return {
        status: 409,
        error: refusal.isElsewhere
          ? msg`You have redeemed this code on ${day} in another account. Everybody may redeem it once. Nothing was added now.`
          : msg`This account has redeemed this code on ${day}, and had its credit then. Nothing was added now.`,
      }
    }
    case 'used up':
      return { status: 410, error: msg`This code has been redeemed by somebody else.` }
    case 'canceled':
      return { status: 410, error: msg`This code was canceled by whoever runs this relay.` }
    case 'expired': {
      const day = refusal.expiresAt && dayIn(zone, refusal.expiresAt.getTime())
      return {
        status: 410,
        error:
          day === null ? msg`This code has expired.` : msg`This code has expired since ${day}.`,
      }
    }
    case 'over the limit':
      return {
        status: 409,
        error: msg`With this code the account would hold more than it may. The code was not used.`,
      }
    case 'has a plan':
      return {
        status: 409,
        error: msg`This code is for a plan, and the account has one. Redeem it when that has ended.`,
      }
    case 'suspended':
      return { status: 403, error: msg`This account is suspended. The code was not used.` }
  }
}

/** Tries a code; only those that are none count as guesses. */
async function redeem(args: PersonalArgs, code: unknown): Promise<BillingAnswer> {
  const { person, services } = args
  const { db, redis, log } = services
  const { accountId, userId } = person
  const giveBack = await limitAddress('redeem', args, accountId)
  const answer = await redeemCode(db, { accountId, userId, code })
  if (answer.state !== 'no code' && answer.state !== 'unknown') await giveBack()
  if (answer.state === 'redeemed') {
    // Calls that were refused for money a moment ago are let in.
    await announceMoney(redis, accountId)
    throw redirect(redeemedPath(answer.codeId))
  }
  // Of the code nothing: it may be good somewhere, or be somebody's secret.
  log.info('code_refused', { account: accountId, user: userId, why: answer.state })
  const typed = typeof code === 'string' ? code : ''
  return { kind: 'code', typed, ...wordsOf(answer, person.zone) }
}

/** Why no order was made, in words. */
function noOrder(why: NoOrder): MessageDescriptor {
  switch (why) {
    case 'no such provider':
      return msg`This relay does not take payments that way. Choose one on this page.`
    case 'no such amount':
      return msg`This amount is not offered any more. Choose one on this page.`
    case 'suspended':
      return msg`This account is suspended, so nothing can be paid for it.`
    case 'too many open':
      return msg`Too many orders of this account wait for payment. Pay one of them, or come back later.`
    case 'over the limit':
      return msg`With this credit the account would hold more than it may.`
    case 'no such account':
      throw new Error('a signed-in person has no account')
  }
}

type Pay = { provider: PaymentProviderName; amount: string; formToken: string }

/** Makes an order, once however often its form is sent, and leads to its page. */
async function pay({ person, services }: PersonalArgs, form: Pay): Promise<BillingAnswer> {
  const { accountId, userId } = person
  const token = await spendFormToken(services.db, form.formToken, clockMs())
  if (token === 'repeated') throw redirect(ordersPath)
  if (token === 'stale')
    return { kind: 'pay', status: 400, error: msg`This form has expired. Send it once more.` }
  const creditNanos = parseUsd(form.amount) ?? 0
  const { provider } = form
  const started = await startOrder(services.payments, { accountId, userId, provider, creditNanos })
  if (started.state === 'refused') return { kind: 'pay', status: 409, error: noOrder(started.why) }
  throw redirect(orderPath(started.id))
}

/** Does what a form of the billing page asks for. What is done is shown by the page it leads to. */
export async function actOnBilling(args: PersonalArgs): Promise<BillingAnswer> {
  const parsed = Intent.safeParse(Object.fromEntries(await formOf(args.request)))
  if (!parsed.success) return { kind: 'unknown', status: 400 }
  const form = parsed.data
  return form.intent === 'pay' ? pay(args, form) : redeem(args, form.code)
}
