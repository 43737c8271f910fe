import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Facts } from '../../ui/facts.tsx'
import { Money } from '../../ui/money.tsx'
import type { PlanFacts } from './plan-facts.ts'

/** A name that ends with `*` stands for all models that begin so. */
function useModelText() {
  const { t } = useLingui()
  return (name: string) => {
    const beginning = name.slice(0, -1)
    return name.endsWith('*') ? t`all that begin with ${beginning}` : name
  }
}

/** What a plan costs and gives, each month. */
export const Terms = ({ terms }: { terms: PlanFacts }) => {
  const { t } = useLingui()
  const modelText = useModelText()
  const { creditNanos, priceNanos, models, rolloverNanos, graceDays } = terms
  return (
    <Facts
      facts={[
        { name: t`Price a month`, value: <Money nanos={priceNanos} /> },
        { name: t`Credit a month`, value: <Money nanos={creditNanos} /> },
        {
          name: t`Pays for`,
          value: models === null ? t`All models` : models.map(modelText).join(', '),
        },
        {
          name: t`Left at the end`,
          value:
            rolloverNanos > 0 ? (
              <Trans>
                Up to <Money nanos={rolloverNanos} /> goes on into the next month
              </Trans>
            ) : (
              t`Expires with the month`
            ),
        },
        {
          name: t`If the balance is short`,
          value:
            graceDays > 0 ? (
              <Plural
                value={graceDays}
                one="No credit until it is paid; the plan ends after # day"
                other="No credit until it is paid; the plan ends after # days"
              />
            ) : (
              t`The plan ends with the month`
            ),
        },
      ]}
    />
  )
}
