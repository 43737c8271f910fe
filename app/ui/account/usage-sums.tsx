import { formatUsdShort } from '../../values/money.ts'
import { BarChart, Behind, type ChartShape } from '../bar-chart.tsx'
import { Card } from '../card.tsx'
import { Empty } from '../empty.tsx'
import { TextLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Notice } from '../notice.tsx'
import { Stat, Stats } from '../stat.tsx'
import { SumsTable, type SumsRow } from './sums-table.tsx'
import { SwitchLinks } from '../switch-links.tsx'

const count = new Intl.NumberFormat('en-US')

type Sums = {
  calls: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  costNanos: number
}
type Measure = 'cost' | 'calls' | 'tokens'

type UsageSumsProps = {
  totals: Sums
  days: (Sums & { day: string })[]
  chart: ChartShape | undefined
  models: (Omit<SumsRow, 'name'> & { model: string })[]
  measure: Measure
  charts: { to: string; text: string; isCurrent: boolean }[]
}

const perDay = { cost: 'Cost by day', calls: 'Calls by day', tokens: 'Tokens by day' }

/** The unit is there in words on an axis that has room for one word. */
const formatOf: Record<Measure, (value: number) => string> = {
  cost: (nanos) => `$${formatUsdShort(nanos)}`,
  calls: (calls) => `${count.format(calls)} ${calls === 1 ? 'call' : 'calls'}`,
  tokens: (tokens) => `${count.format(tokens)} tokens`,
}

/** The days of a chart as a picture, and behind it as figures. */
export const DaysChart = ({
  days,
  chart,
  measure,
}: Pick<UsageSumsProps, 'days' | 'chart' | 'measure'>) => {
  if (!chart)
    return (
      <Empty title="Nothing to show">
        These days have no {measure === 'cost' ? 'cost' : measure}.
      </Empty>
    )
  const used = days.filter(({ calls }) => calls > 0)
  return (
    <>
      <BarChart
        chart={chart}
        days={days.map(({ day }) => day)}
        format={formatOf[measure]}
        label={`${perDay[measure]}, ${days[0]?.day} to ${days.at(-1)?.day}. The table below has the figures.`}
      />
      <Behind summary="Figures by day">
        <SumsTable
          label={perDay.cost}
          head="Day (UTC)"
          rows={used.map((sums) => ({ ...sums, name: sums.day })).reverse()}
        />
      </Behind>
    </>
  )
}

/** What a filter's calls come to: in all, by day, by model. The figures are exact. */
export const UsageSums = ({ totals, days, chart, models, measure, charts }: UsageSumsProps) => (
  <>
    <section
      aria-label="Totals"
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <Stats columns={4}>
        <Stat label="Cost" value={<Money nanos={totals.costNanos} />} note="Exact" />
        <Stat
          label="Calls"
          value={count.format(totals.calls)}
          note="With refused ones, but no repeats of a 402"
        />
        <Stat
          label="Tokens in"
          value={count.format(totals.inputTokens)}
          note={`${count.format(totals.cachedTokens)} of them cached`}
        />
        <Stat
          label="Tokens out"
          value={count.format(totals.outputTokens)}
          note={`${count.format(totals.reasoningTokens)} of them reasoning`}
        />
      </Stats>
    </section>
    {totals.calls > 0 && (
      <>
        <Card title={perDay[measure]} aside={<SwitchLinks label="Chart" links={charts} />}>
          <DaysChart days={days} chart={chart} measure={measure} />
        </Card>
        <Card title="By model" isFlush>
          <SumsTable
            label="By model"
            head="Model"
            rows={models.map(({ model, ...sums }) => ({ ...sums, name: model }))}
          />
        </Card>
      </>
    )}
  </>
)

/** Says what could not be understood; nothing is shown as if it had been. */
export const BadFilter = ({
  problems,
  clear,
}: {
  problems: { field: string; message: string }[]
  clear: string
}) => (
  <Notice tone="bad" title="This filter cannot be understood" isAnswer>
    <ul className="list-disc pl-5">
      {problems.map(({ field, message }) => (
        <li key={field + message}>
          <code className="font-mono wrap-anywhere">{field}</code> {message}
        </li>
      ))}
    </ul>
    <p>
      <TextLink to={clear}>Show all calls</TextLink>
    </p>
  </Notice>
)
