import { Trans, useLingui } from '@lingui/react/macro'
import type { ComponentProps } from 'react'
import { msg } from '../../values/language/msg.ts'
import { Card } from '../card.tsx'
import type { Series } from '../chart/legend.tsx'
import { formatCount } from '../format/numbers.tsx'
import { useLanguage } from '../language/use-language.ts'
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

const othersOf = { model: msg`Other models`, key: msg`Other keys` }

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
  const language = useLanguage()
  const { totals, chart, figures, others, by, inAll, models, keys, measure } = props
  const cached = formatCount(totals.cachedTokens, language)
  const reasoning = formatCount(totals.reasoningTokens, language)
  const rest = others === null ? [] : [{ name: t(othersOf[by]), value: others }]
  return (
    <>
      <section
        aria-label={t`Totals`}
        className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
      >
        <Stats columns={4}>
          <MoneyStat label={t`Cost`} nanos={totals.costNanos} />
          <Stat
            label={t`Calls`}
            value={formatCount(totals.calls, language)}
            note={t`With refused ones, but no repeats of a 402`}
          />
          <Stat
            label={t`Tokens in`}
            value={formatCount(totals.inputTokens, language)}
            note={t`${cached} of them cached`}
          />
          <Stat
            label={t`Tokens out`}
            value={formatCount(totals.outputTokens, language)}
            note={t`${reasoning} of them reasoning`}
          />
        </Stats>
      </section>
      {totals.calls > 0 && (
        <>
          <Card
            title={t(titleOf(measure, chart?.unit))}
            aside={
              <div className="flex flex-wrap gap-x-4">
                <SwitchLinks label={t`Chart`} links={props.charts} />
                <SwitchLinks label={t`Stacked`} links={props.stacks} />
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
            <Card title={t`By model`} isFlush>
              <SumsTable label={t`By model`} of="model" {...models} />
            </Card>
            <Card title={t`By key`} isFlush>
              <SumsTable label={t`By key`} of="key" {...keys} />
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
}) => {
  const { t } = useLingui()
  return (
    <Notice tone="bad" title={t`This filter cannot be understood`} isAnswer>
      <ul className="list-disc pl-5">
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            <code className="font-mono wrap-anywhere">{field}</code> {message}
          </li>
        ))}
      </ul>
      <p>
        <TextLink to={clear}>
          <Trans>Clear the filter</Trans>
        </TextLink>
      </p>
    </Notice>
  )
}
