import type { ComponentProps } from 'react'
import { Card } from '../../ui/card.tsx'
import { SumsTable, type RestRow, type SumsRow } from '../../ui/account/sums-table.tsx'
import { DaysChart } from '../../ui/account/usage-sums.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

type SpendCardsProps = {
  spend: Omit<ComponentProps<typeof DaysChart>, 'measure'> & {
    models: { rows: SumsRow[]; rest: RestRow | null }
  }
}

const Lately = () => (
  <>
    The last 30 days. <TimesIn />
  </>
)

/** What the last days cost; nothing where nothing was called. */
export const SpendCards = ({ spend: { models, ...days } }: SpendCardsProps) =>
  models.rows.length === 0 ? null : (
    <>
      <Card title="Spend by day" aside={<Lately />}>
        <DaysChart {...days} measure="cost" />
      </Card>
      <Card title="Spend by model" aside="The last 30 days" isFlush>
        <SumsTable label="Spend by model" of="model" {...models} />
      </Card>
    </>
  )
