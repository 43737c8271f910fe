import { useLingui } from '@lingui/react/macro'
import type { ComponentProps } from 'react'
import { Card } from '../card.tsx'
import type { Series } from '../chart/legend.tsx'
import { formatCount } from '../format/numbers.tsx'
import { TextLink } from '../link.tsx'
import { Notice } from '../notice.tsx'
import { MoneyStat, Stat, Stats } from '../stat.tsx'
import { SwitchLinks } from '../switch-links.tsx'
import { DaysChart, InAll, titleOf, type Measure } from './days-chart.tsx'
import { SumsTable, type RestRow, type SumsRow } from './sums-table.tsx'

type Sums = {
  calls: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  costNanos: number
}
/** The dearest, and all others together. */
type Parts = { rows: SumsRow[]; rest: RestRow | null }

type Links = { to: string; text: string; isCurrent: boolean }[]

const othersOf = { model: 'Other models', key: 'Other keys' }

type UsageSumsProps = Pick<ComponentProps<typeof DaysChart>, 'chart' | 'figures'> & {
  totals: Sums
  /** The parts of the chart's bars, the largest first; `others` is what is in none of them. */
  series: Series[]
  others: number | null
  by: 'model' | 'key'
  inAll: Pick<ComponentProps<typeof InAll>, 'value' | 'before'>
  models: Parts
  keys: Parts
  measure: Measure
  charts: Links
  stacks: Links
}

/** What a filter's calls come to: in all, by day, by model. The figures are exact. */
export const UsageSums = (props: UsageSumsProps) => {
  const { t } = useLingui()
  const { totals, chart, figures, others, by, inAll, models, keys, measure } = props
  const rest = others === null ? [] : [{ name: othersOf[by], value: others }]
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
          <Card
            title={t(titleOf(measure, chart?.unit))}
            aside={
              <div className="flex flex-wrap gap-x-4">
                <SwitchLinks label="Chart" links={props.charts} />
                <SwitchLinks label="Stacked" links={props.stacks} />
              </div>
            }
          >
            <InAll measure={measure} {...inAll} />
            <DaysChart
              chart={chart}
              figures={figures}
              measure={measure}
              series={[...props.series, ...rest]}
            />
          </Card>
          <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
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
