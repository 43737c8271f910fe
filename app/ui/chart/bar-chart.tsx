import { useId, type ReactNode } from 'react'
import { formatSpan, formatSpanTick, type Span, type Unit } from '../format/spans.ts'
import { useLanguage } from '../language/use-language.ts'
import { Mark, markOf, type Series } from './legend.tsx'

type Column = Span & {
  value: number
  parts: { at: number; value: number; y: number; height: number }[]
  tick: 'always' | 'wide' | null
}
export type ChartShape = {
  height: number
  unit: Unit
  columns: Column[]
  ticks: { value: number; y: number }[]
}

type Format = (value: number) => string
type BarChartProps = {
  chart: ChartShape
  /** What is shown, in words, for readers who do not see it. */
  label: string
  /** What the parts of a bar are; none where a bar has only one. */
  series: Series[]
  /** One value with its unit, in the label of a bar. */
  format: Format
  /** One value as short as it gets, beside a line. */
  formatTick: Format
}

/**
 * Beside its bar, where there is more room; on a phone below all of them, where it hides only what
 * it says itself, and never beside the page.
 */
function sideOf(at: number, count: number): string {
  const wide = at < count / 2 ? 'sm:left-full sm:ml-2' : 'sm:right-full sm:mr-2'
  if (at < count / 4) return `${wide} max-sm:left-0`
  if (at >= (count * 2) / 3) return `${wide} max-sm:right-0`
  return `${wide} max-sm:left-1/2 max-sm:-translate-x-1/2`
}

type LabelProps = {
  column: Column
  /** What the bar stands for. */
  name: string
  series: Series[]
  format: Format
  side: string
}

const Label = ({ column, name, series, format, side }: LabelProps) => (
  <span
    aria-hidden="true"
    className={`bar-label pointer-events-none absolute z-10 w-max max-w-60 rounded-md border border-line-strong bg-surface px-3 py-2 text-ink shadow-card max-sm:top-full max-sm:mt-7 sm:top-0 ${side}`}
  >
    <span className="block text-muted">{name}</span>
    <span className="block text-sm font-semibold">{format(column.value)}</span>
    {series.length > 0 &&
      column.parts.map(({ at, value }) => (
        <span key={at} className="mt-0.5 flex items-center gap-2">
          <Mark at={at} />
          <span className="min-w-0 flex-1 truncate">{series[at]?.name}</span>
          <span className="pl-2">{format(value)}</span>
        </span>
      ))}
  </span>
)

type BarProps = LabelProps & { height: number; group: string }

/** It is told, too, what its label shows. */
function spoken({ column, name, series, format }: LabelProps) {
  const parts = series.length > 0 ? column.parts : []
  const all = parts.map(({ at, value }) => `${series[at]?.name}: ${format(value)}`)
  return [`${name}: ${format(column.value)}`, ...all].join('; ')
}

const Bar = ({ height, group, ...label }: BarProps) => (
  <label className="bar relative flex min-w-0 flex-1 justify-center">
    <input
      type="radio"
      name={group}
      autoComplete="off"
      aria-label={spoken(label)}
      className="absolute inset-0 size-full cursor-pointer appearance-none rounded-xs"
    />
    <svg
      aria-hidden="true"
      viewBox={`0 0 1 ${height}`}
      preserveAspectRatio="none"
      className="pointer-events-none relative h-full w-4/5 max-w-10"
    >
      {label.column.parts.map(({ at, y, height }) => (
        <rect key={at} x={0} width={1} y={y} height={height} className={markOf(at).fill} />
      ))}
    </svg>
    <Label {...label} />
  </label>
)

const Lines = ({ ticks, height }: Pick<ChartShape, 'ticks' | 'height'>) => (
  <svg
    aria-hidden="true"
    viewBox={`0 0 1 ${height}`}
    preserveAspectRatio="none"
    className="absolute inset-0 size-full overflow-visible"
  >
    {ticks.map(({ value, y }) => (
      <line
        key={value}
        {...{ x1: 0, x2: 1, y1: y, y2: y }}
        vectorEffect="non-scaling-stroke"
        className="stroke-line"
      />
    ))}
  </svg>
)

const Ticks = ({ unit, columns }: Pick<ChartShape, 'unit' | 'columns'>) => {
  const language = useLanguage()
  return (
    <div aria-hidden="true" className="col-start-2 mt-2 flex h-4">
      {columns.map((column, at) => (
        <span key={at} className="relative min-w-0 flex-1">
          {column.tick && (
            <span
              className={`absolute left-1/2 -translate-x-1/2 whitespace-nowrap ${column.tick === 'wide' ? 'max-sm:hidden' : ''}`}
            >
              {formatSpanTick(unit, column, language)}
            </span>
          )}
        </span>
      ))}
    </div>
  )
}

/**
 * Values by hour, day, week or month, laid out by the server: there is no chart library in the
 * browser. Its bars are the choices of one group, so that a finger, a pointer and the arrow keys
 * all reach their labels, and Tab passes them in one step; none of it needs a script.
 */
export const BarChart = ({ chart, label, series, format, formatTick }: BarChartProps) => {
  const group = useId()
  const language = useLanguage()
  const { columns, unit, ticks, height } = chart
  return (
    <figure className="grid grid-cols-[auto_1fr] gap-x-3 text-xs text-muted tabular-nums">
      <div aria-hidden="true" className="flex h-48 flex-col justify-between text-right">
        {ticks.map(({ value }) => (
          <span key={value} className="flex h-0 items-center justify-end whitespace-nowrap">
            {formatTick(value)}
          </span>
        ))}
      </div>
      <div className="relative h-48 min-w-0">
        <Lines ticks={ticks} height={height} />
        <div role="radiogroup" aria-label={label} className="bars absolute inset-0 flex">
          {columns.map((column, at) => (
            <Bar
              key={at}
              {...{ column, series, format, height, group }}
              name={formatSpan(unit, column, language)}
              side={sideOf(at, columns.length)}
            />
          ))}
        </div>
      </div>
      <Ticks unit={unit} columns={columns} />
    </figure>
  )
}

/** Opens to what a picture was made of. */
export const Behind = ({ summary, children }: { summary: string; children: ReactNode }) => (
  <details className="mt-4 print:hidden">
    <summary className="inline-block cursor-pointer rounded-sm py-1 text-sm font-medium text-accent underline decoration-accent/40 underline-offset-3">
      {summary}
    </summary>
    <div
      className="-mx-4 mt-2 max-h-96 overflow-y-auto sm:-mx-6"
      tabIndex={0}
      role="group"
      aria-label={summary}
    >
      {children}
    </div>
  </details>
)
