import { redirect } from '@remix-run/node'
import { z } from 'zod'
import { announceMoney } from '../../ledger/ledger.server.ts'
import { spendFormToken, type PersonalArgs } from '../../pages/pages.server.ts'
import { orderPath, ordersPath } from '../../paths.ts'
import { cancelPlan, changePlan, orderPlan, subscribe } from '../../plans/plans.server.ts'
import { clockMs } from '../../values/clock.ts'
import { paymentProviderNames } from '../../values/payments/payment-providers.ts'

const planId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number)
const Payment = z.object({
  intent: z.literal('pay'),
  plan: planId,
  provider: z.enum(paymentProviderNames),
  formToken: z.string().max(50),
})
const Wish = z.discriminatedUnion('intent', [
  Payment,
  z.object({ intent: z.literal('subscribe'), plan: planId, formToken: z.string() }),
  z.object({ intent: z.literal('change'), plan: planId }),
  z.object({ intent: z.literal('keep') }),
  z.object({ intent: z.literal('cancel') }),
])

/** What a form of this page came to; what was done is shown by the page that follows. */
export type PlanAnswer =
  | { kind: 'subscribed' | 'changed' | 'ended' }
  | { kind: 'short'; neededNanos: number; availableNanos: number }
  | {
      kind:
        | 'gone'
        | 'has a plan'
        | 'no plan'
        | 'unchanged'
        | 'repeated'
        | 'unknown'
        | 'too much'
        | 'suspended'
        | 'no order'
        | 'many orders'
    }

async function subscribed(
  { services, person }: PersonalArgs,
  wish: { plan: number; formToken: string },
): Promise<PlanAnswer> {
  const { db, redis } = services
  const { accountId, userId } = person
  const token = await spendFormToken(db, wish.formToken, clockMs())
  if (token !== 'spent') return { kind: token === 'repeated' ? 'repeated' : 'unknown' }
  const result = await subscribe(db, { accountId, userId, planId: wish.plan })
  switch (result.state) {
    case 'subscribed':
      await announceMoney(redis, accountId)
      return { kind: 'subscribed' }
    case 'not enough available': {
      const { neededNanos, availableNanos } = result
      return { kind: 'short', neededNanos, availableNanos }
    }
    case 'no such plan':
      return { kind: 'gone' }
    case 'has a plan':
    case 'suspended':
      return { kind: result.state }
    case 'over the limit':
      return { kind: 'too much' }
  }
}

/** Makes an order of a plan's first month, once however often its form is sent, and leads to its page. */
async function ordered(
  { services, person }: PersonalArgs,
  { plan, provider, formToken }: z.infer<typeof Payment>,
): Promise<PlanAnswer> {
  const { accountId, userId } = person
  const token = await spendFormToken(services.db, formToken, clockMs())
  if (token === 'repeated') throw redirect(ordersPath)
  if (token !== 'spent') return { kind: 'unknown' }
  const wish = { accountId, userId, planId: plan, provider }
  const started = await orderPlan(services.payments, wish)
  if (started.state === 'started') throw redirect(orderPath(started.id))
  switch (started.why) {
    case 'no such plan':
      return { kind: 'gone' }
    case 'has a plan':
    case 'suspended':
      return { kind: started.why }
    case 'over the limit':
      return { kind: 'too much' }
    case 'too many open':
      return { kind: 'many orders' }
    case 'no such provider':
    case 'no such amount':
      return { kind: 'no order' }
    case 'no such account':
      throw new Error('a signed-in person has no account')
  }
}

/** Does what a form of the page asks for: once, however often it is sent. */
export async function actOnPlan(args: PersonalArgs, form: FormData): Promise<PlanAnswer> {
  const { db } = args.services
  const { accountId, userId } = args.person
  const parsed = Wish.safeParse(Object.fromEntries(form))
  if (!parsed.success) return { kind: 'unknown' }
  const wish = parsed.data
  if (wish.intent === 'subscribe') return subscribed(args, wish)
  if (wish.intent === 'pay') return ordered(args, wish)
  const change = { accountId, userId }
  const result =
    wish.intent === 'cancel'
      ? await cancelPlan(db, change)
      : await changePlan(db, { ...change, planId: wish.intent === 'change' ? wish.plan : null })
  switch (result.state) {
    case 'changed':
    case 'ended':
    case 'unchanged':
    case 'no plan':
      return { kind: result.state }
    case 'no such plan':
      return { kind: 'gone' }
    case 'is given':
      return { kind: 'unchanged' }
  }
}
