/** What one part of the bars is, and what it comes to in all. */
export type Series = { name: string; value: number }

/** As many as there are colours that can be told from each other, but for that of all others. */
const marks = [
  { fill: 'fill-chart-1', background: 'bg-chart-1' },
  { fill: 'fill-chart-2', background: 'bg-chart-2' },
  { fill: 'fill-chart-3', background: 'bg-chart-3' },
  { fill: 'fill-chart-4', background: 'bg-chart-4' },
  { fill: 'fill-chart-5', background: 'bg-chart-5' },
]
const markOfOthers = { fill: 'fill-chart-6', background: 'bg-chart-6' }
export const markOf = (at: number) => marks[at] ?? markOfOthers

export const Mark = ({ at }: { at: number }) => (
  <span
    aria-hidden="true"
    className={`inline-block size-2.5 shrink-0 rounded-xs ${markOf(at).background}`}
  />
)

type LegendProps = { label: string; series: Series[]; format: (value: number) => string }

/** What the colours of the bars are. */
export const Legend = ({ label, series, format }: LegendProps) => (
  <ul aria-label={label} className="mt-4 flex flex-wrap gap-x-5 gap-y-1.5 text-sm tabular-nums">
    {series.map(({ name, value }, at) => (
      <li key={at} className="flex min-w-0 items-center gap-2">
        <Mark at={at} />
        <span className="min-w-0 wrap-anywhere">{name}</span>
        <span className="text-muted">{format(value)}</span>
      </li>
    ))}
  </ul>
)
