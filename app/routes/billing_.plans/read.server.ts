import { listPlansFor, readStanding } from '../../plans/plans.server.ts'
import type { PageServices } from '../../services.ts'
import { planFacts } from './plan-facts.ts'

/** What an account is subscribed to, what follows it, and what else it may choose. */
export async function readPlansPage({ db, payments }: PageServices, accountId: number) {
  const standing = await readStanding(db, accountId)
  if (!standing) throw new Error('somebody’s account is not there')
  const { monthlyNanos, renewsAt } = standing
  const hasPlan = monthlyNanos !== null && renewsAt !== null
  return {
    balanceNanos: standing.balanceNanos ?? 0,
    providers: Object.values(payments.providers).map(({ name }) => name),
    own: hasPlan
      ? {
          planId: standing.planId,
          name: standing.name,
          facts: planFacts({
            creditNanos: monthlyNanos,
            priceNanos: standing.priceNanos ?? 0,
            models: standing.models,
            rolloverNanos: standing.rolloverNanos ?? 0,
            graceDays: standing.graceDays ?? 0,
          }),
          leftNanos: standing.planNanos,
          renewsAt,
          endsAt: standing.endsAt,
          isInGrace: standing.inGrace === 1,
          isCanceled: standing.canceledAt !== null,
          next:
            standing.nextName !== null && standing.nextPriceNanos !== null
              ? {
                  id: standing.nextPlanId,
                  name: standing.nextName,
                  priceNanos: standing.nextPriceNanos,
                }
              : null,
        }
      : null,
    plans: (await listPlansFor(db, standing.groupName)).map(({ id, name, ...plan }) => ({
      id,
      name,
      priceNanos: plan.priceNanos,
      facts: planFacts(plan),
    })),
  }
}
export type PlansPage = Awaited<ReturnType<typeof readPlansPage>>
export type OwnPlan = NonNullable<PlansPage['own']>
