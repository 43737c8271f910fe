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
        <>
          Subscribe: <Money nanos={priceNanos} /> now
        </>
      ),
    }
  if (own.next?.id === id || (own.planId === id && !own.next && !own.endsAt)) return undefined
  return {
    intent: 'change',
    words: (
      <>
        Change to it on <Time at={own.endsAt ?? own.renewsAt} to="day" />
      </>
    ),
  }
}

/** The plans that may be chosen, each with its terms and its form. */
export const PlanCards = ({ page, formToken, pending }: CardsProps) => (
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
                  <Button isPending={pending === String(plan.id)} pendingText="One moment…">
                    <span className="sr-only">{plan.name}: </span>
                    {choice.words}
                  </Button>
                </PostForm>
              ) : (
                <p className="text-sm text-muted">This is the plan that you have chosen.</p>
              )}
            </div>
          </Card>
        </li>
      )
    })}
  </ul>
)
