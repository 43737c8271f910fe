import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { msg } from '../../values/language/msg.ts'
import { Badge } from '../badge.tsx'
import { BarChart, Behind, type ChartShape } from '../chart/bar-chart.tsx'
import { Legend, type Series } from '../chart/legend.tsx'
import { Empty } from '../empty.tsx'
import { formatChange, formatCompact, formatDollars } from '../format/numbers.tsx'
import { formatSpan, type Span, type Unit } from '../format/spans.ts'
import { useLanguage } from '../language/use-language.ts'
import { SumsTable } from './sums-table.tsx'

export type Measure = 'cost' | 'calls' | 'tokens'
type Figures = Span & {
  calls: number
  inputTokens: number
  outputTokens: number
  costNanos: number
}

const titles = {
  cost: {
    hour: msg`Cost by hour`,
    day: msg`Cost by day`,
    week: msg`Cost by week`,
    month: msg`Cost by month`,
  },
  calls: {
    hour: msg`Calls by hour`,
    day: msg`Calls by day`,
    week: msg`Calls by week`,
    month: msg`Calls by month`,
  },
  tokens: {
    hour: msg`Tokens by hour`,
    day: msg`Tokens by day`,
    week: msg`Tokens by week`,
    month: msg`Tokens by month`,
  },
}
export const titleOf = (measure: Measure, unit: Unit = 'day') => titles[measure][unit]

const figuresBy = {
  hour: msg`Figures by hour`,
  day: msg`Figures by day`,
  week: msg`Figures by week`,
  month: msg`Figures by month`,
}
const nothingOf = {
  cost: msg`These days have no cost.`,
  calls: msg`These days have no calls.`,
  tokens: msg`These days have no tokens.`,
}
const counts = {
  calls: msg`{count, plural, one {# call} other {# calls}}`,
  tokens: msg`{count, plural, one {# token} other {# tokens}}`,
}

const counted = (measure: 'calls' | 'tokens', count: number): MessageDescriptor => ({
  ...counts[measure],
  values: { count },
})

/** How amounts of a measure are written: with their unit, and as short as they get. */
function useFormats(measure: Measure) {
  const { t } = useLingui()
  const language = useLanguage()
  if (measure === 'cost') {
    const format = (nanos: number) => formatDollars(nanos, language)
    return { format, formatTick: format }
  }
  return {
    format: (count: number) => t(counted(measure, count)),
    formatTick: (count: number) => formatCompact(count, language),
  }
}

type DaysChartProps = {
  chart: ChartShape | undefined
  /** Exactly what the bars show, those with calls alone. */
  figures: Figures[]
  measure: Measure
  /** What the parts of its bars are. */
  series?: Series[]
}

/** A range of days as a picture, and behind it as figures. */
export const DaysChart = ({ chart, figures, measure, series = [] }: DaysChartProps) => {
  const { t } = useLingui()
  const language = useLanguage()
  const { format, formatTick } = useFormats(measure)
  const [begin, end] = [chart?.columns[0], chart?.columns.at(-1)]
  if (!chart || !begin || !end)
    return <Empty title={t`Nothing to show`}>{t(nothingOf[measure])}</Empty>
  const { unit } = chart
  const title = t(titleOf(measure, unit))
  const [first, last] = [begin.from.slice(0, 10), end.to.slice(0, 10)]
  const rows = figures.map((sums) => ({ ...sums, name: formatSpan(unit, sums, language) }))
  return (
    <>
      <BarChart
        // The bar that was chosen in one range is none of another.
        key={`${title} ${first} ${last}`}
        chart={chart}
        series={series}
        format={format}
        formatTick={formatTick}
        label={t`${title}, ${first} to ${last}. The table below has the figures.`}
      />
      {series.length > 0 && (
        <Legend label={t`What the bars are made of`} series={series} format={format} />
      )}
      <Behind summary={t(figuresBy[unit])}>
        <SumsTable label={t(figuresBy[unit])} of={unit} rows={rows.reverse()} />
      </Behind>
    </>
  )
}

type Before = { value: number; days: number; isCut: boolean }

/** A period that goes on is held against as much of the one before, and says so. */
function beforeWords({ days, isCut }: Before, amount: string): MessageDescriptor {
  const cut = isCut
    ? {
        one: msg`{amount} the day before, up to the same time of day`,
        other: msg`{amount} in the {days} days before, up to the same time of day`,
      }
    : { one: msg`{amount} the day before`, other: msg`{amount} in the {days} days before` }
  return { ...(days === 1 ? cut.one : cut.other), values: { amount, days } }
}

type InAllProps = { measure: Measure; value: number; before: Before | null }

/** What a chart comes to in all, and how that has changed. */
export const InAll = ({ measure, value, before }: InAllProps) => {
  const { t } = useLingui()
  const language = useLanguage()
  const { format } = useFormats(measure)
  return (
    <div className="mb-6 tabular-nums">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-xl font-semibold">{format(value)}</span>
        {before && before.value > 0 && (
          <Badge tone="plain">{formatChange(value, before.value, language)}</Badge>
        )}
      </p>
      {before && (
        <p className="mt-0.5 text-sm text-muted">{t(beforeWords(before, format(before.value)))}</p>
      )}
    </div>
  )
}
