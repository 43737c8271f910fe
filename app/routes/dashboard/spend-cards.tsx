import { Trans, useLingui } from '@lingui/react/macro'
import type { ComponentProps } from 'react'
import { Card } from '../../ui/card.tsx'
import { SumsTable, type RestRow, type SumsRow } from '../../ui/account/sums-table.tsx'
import { DaysChart } from '../../ui/account/days-chart.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

type SpendCardsProps = {
  spend: Omit<ComponentProps<typeof DaysChart>, 'measure'> & {
    models: { rows: SumsRow[]; rest: RestRow | null }
  }
}

const Lately = () => (
  <Trans>
    The last 30 days. <TimesIn />
  </Trans>
)

/** What the last days cost; nothing where nothing was called. */
export const SpendCards = ({ spend: { models, ...days } }: SpendCardsProps) => {
  const { t } = useLingui()
  return models.rows.length === 0 ? null : (
    <>
      <Card title={t`Spend by day`} aside={<Lately />}>
        <DaysChart {...days} measure="cost" />
      </Card>
      <Card title={t`Spend by model`} aside={t`The last 30 days`} isFlush>
        <SumsTable label={t`Spend by model`} of="model" {...models} />
      </Card>
    </>
  )
}
