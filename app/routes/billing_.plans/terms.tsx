import { Facts } from '../../ui/facts.tsx'
import { Money } from '../../ui/money.tsx'
import type { PlanFacts } from './plan-facts.ts'

/** A name that ends with `*` stands for all models that begin so. */
const modelText = (name: string) =>
  name.endsWith('*') ? `all that begin with ${name.slice(0, -1)}` : name

const daysText = (days: number) => (days === 1 ? '1 day' : `${days} days`)

/** What a plan costs and gives, each month. */
export const Terms = ({ terms }: { terms: PlanFacts }) => {
  const { creditNanos, priceNanos, models, rolloverNanos, graceDays } = terms
  return (
    <Facts
      facts={[
        { name: 'Price a month', value: <Money nanos={priceNanos} /> },
        { name: 'Credit a month', value: <Money nanos={creditNanos} /> },
        {
          name: 'Pays for',
          value: models === null ? 'All models' : models.map(modelText).join(', '),
        },
        {
          name: 'Left at the end',
          value:
            rolloverNanos > 0 ? (
              <>
                Up to <Money nanos={rolloverNanos} /> goes on into the next month
              </>
            ) : (
              'Expires with the month'
            ),
        },
        {
          name: 'If the balance is short',
          value:
            graceDays > 0
              ? `No credit until it is paid; the plan ends after ${daysText(graceDays)}`
              : 'The plan ends with the month',
        },
      ]}
    />
  )
}
