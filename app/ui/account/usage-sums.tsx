import { formatUsdShort } from '../../values/money.ts'
import { BarChart, Behind, type ChartShape } from '../bar-chart.tsx'
import { Card } from '../card.tsx'
import { Empty } from '../empty.tsx'
import { TextLink } from '../link.tsx'
import { formatCount } from '../format/numbers.tsx'
import { Notice } from '../notice.tsx'
import { MoneyStat, Stat, Stats } from '../stat.tsx'
import { SumsTable, type RestRow, type SumsRow } from './sums-table.tsx'
import { SwitchLinks } from '../switch-links.tsx'

type Sums = {
  calls: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  costNanos: number
}
type Measure = 'cost' | 'calls' | 'tokens'
/** The dearest, and all others together. */
type Parts = { rows: SumsRow[]; rest: RestRow | null }

type UsageSumsProps = {
  totals: Sums
  days: (Sums & { day: string })[]
  chart: ChartShape | undefined
  models: Parts
  keys: Parts
  measure: Measure
  charts: { to: string; text: string; isCurrent: boolean }[]
}

const perDay = { cost: 'Cost by day', calls: 'Calls by day', tokens: 'Tokens by day' }

/** The unit is there in words on an axis that has room for one word. */
const formatOf: Record<Measure, (value: number) => string> = {
  cost: (nanos) => `$${formatUsdShort(nanos)}`,
  calls: (calls) => `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}`,
  tokens: (tokens) => `${formatCount(tokens)} tokens`,
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
          of="day"
          rows={used.map((sums) => ({ ...sums, name: sums.day })).reverse()}
        />
      </Behind>
    </>
  )
}

/** What a filter's calls come to: in all, by day, by model. The figures are exact. */
export const UsageSums = (props: UsageSumsProps) => {
  const { totals, days, chart, models, keys, measure, charts } = props
  return (
    <>
      <section
        aria-label="Totals"
        className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
      >
        <Stats columns={4}>
          <MoneyStat label="Cost" nanos={totals.costNanos} />
          <Stat
            label="Calls"
            value={formatCount(totals.calls)}
            note="With refused ones, but no repeats of a 402"
          />
          <Stat
            label="Tokens in"
            value={formatCount(totals.inputTokens)}
            note={`${formatCount(totals.cachedTokens)} of them cached`}
          />
          <Stat
            label="Tokens out"
            value={formatCount(totals.outputTokens)}
            note={`${formatCount(totals.reasoningTokens)} of them reasoning`}
          />
        </Stats>
      </section>
      {totals.calls > 0 && (
        <>
          <Card title={perDay[measure]} aside={<SwitchLinks label="Chart" links={charts} />}>
            <DaysChart days={days} chart={chart} measure={measure} />
          </Card>
          <div className="grid items-start gap-6 xl:grid-cols-2">
            <Card title="By model" isFlush>
              <SumsTable label="By model" of="model" {...models} />
            </Card>
            <Card title="By key" isFlush>
              <SumsTable label="By key" of="key" {...keys} />
            </Card>
          </div>
        </>
      )}
    </>
  )
}

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
      <TextLink to={clear}>Clear the filter</TextLink>
    </p>
  </Notice>
)
