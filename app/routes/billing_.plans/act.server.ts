import { z } from 'zod'
import { announceMoney } from '../../ledger/ledger.server.ts'
import { spendFormToken, type PersonalArgs } from '../../pages/pages.server.ts'
import { cancelPlan, changePlan, subscribe } from '../../plans/plans.server.ts'
import { clockMs } from '../../values/clock.ts'

const planId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number)
const Wish = z.discriminatedUnion('intent', [
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

/** Does what a form of the page asks for: once, however often it is sent. */
export async function actOnPlan(args: PersonalArgs, form: FormData): Promise<PlanAnswer> {
  const { db } = args.services
  const { accountId, userId } = args.person
  const parsed = Wish.safeParse(Object.fromEntries(form))
  if (!parsed.success) return { kind: 'unknown' }
  const wish = parsed.data
  if (wish.intent === 'subscribe') return subscribed(args, wish)
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
