import { Trans, useLingui } from '@lingui/react/macro'
import { providerWords } from '../../ui/account/order-words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Money } from '../../ui/money.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Time } from '../../ui/time.tsx'
import type { PlansPage } from './read.server.ts'
import { Terms } from './terms.tsx'

type Offered = PlansPage['plans'][number]
type CardsProps = { page: PlansPage; formToken: string; pending: string | null }

/** What choosing a plan does now, in the words of its button; nothing where it is chosen already. */
function choiceOf({ id, priceNanos }: Offered, { own }: PlansPage) {
  if (!own || own.isInGrace)
    return {
      intent: 'subscribe',
      words: (
        <Trans>
          Subscribe: <Money nanos={priceNanos} /> now
        </Trans>
      ),
    }
  if (own.next?.id === id || (own.planId === id && !own.next && !own.endsAt)) return undefined
  return {
    intent: 'change',
    words: (
      <Trans>
        Change to it on <Time at={own.endsAt ?? own.renewsAt} to="day" />
      </Trans>
    ),
  }
}

/** The ways to pay for a plan's first month here, where the balance is short of it. */
const PayForPlan = ({ plan, page, formToken, pending }: CardsProps & { plan: Offered }) => {
  const { t } = useLingui()
  const { name } = plan
  return (
    <PostForm className="flex flex-wrap gap-3 print:hidden">
      <input type="hidden" name="intent" value="pay" />
      <input type="hidden" name="plan" value={plan.id} />
      <input type="hidden" name="formToken" value={formToken} />
      {page.providers.map((each) => {
        const provider = t(providerWords[each])
        return (
          <Button
            key={each}
            name="provider"
            value={each}
            isLong
            isPending={pending === String(plan.id)}
          >
            <Trans>
              <span className="sr-only">{name}: </span>Pay with {provider} and subscribe
            </Trans>
          </Button>
        )
      })}
      {page.balanceNanos < 0 && (
        <p className="text-sm text-muted">
          <Trans>
            You pay <Money nanos={plan.priceNanos - page.balanceNanos} />: the price, and what your
            balance is below zero.
          </Trans>
        </p>
      )}
    </PostForm>
  )
}

const isShort = ({ priceNanos }: Offered, { balanceNanos }: PlansPage) =>
  priceNanos > Math.max(0, balanceNanos)

/** The plans that may be chosen, each with its terms and its form. */
export const PlanCards = ({ page, formToken, pending }: CardsProps) => {
  const { t } = useLingui()
  return (
    <ul className="grid gap-6 sm:grid-cols-2">
      {page.plans.map((plan) => {
        const choice = choiceOf(plan, page)
        return (
          <li key={plan.id} className="grid">
            <Card title={plan.name}>
              <div className="grid gap-5">
                <Terms terms={plan.facts} />
                {choice ? (
                  <PostForm className="print:hidden">
                    <input type="hidden" name="intent" value={choice.intent} />
                    <input type="hidden" name="plan" value={plan.id} />
                    <input type="hidden" name="formToken" value={formToken} />
                    <Button isPending={pending === String(plan.id)} pendingText={t`One moment…`}>
                      <span className="sr-only">{plan.name}: </span>
                      {choice.words}
                    </Button>
                  </PostForm>
                ) : (
                  <p className="text-sm text-muted">
                    <Trans>This is the plan that you have chosen.</Trans>
                  </p>
                )}
                {choice?.intent === 'subscribe' && isShort(plan, page) && (
                  <PayForPlan plan={plan} page={page} formToken={formToken} pending={pending} />
                )}
              </div>
            </Card>
          </li>
        )
      })}
    </ul>
  )
}
