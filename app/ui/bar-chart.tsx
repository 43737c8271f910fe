import type { ReactNode } from 'react'

export type ChartShape = {
  width: number
  height: number
  bars: { day: string; value: number; x: number; y: number; width: number; height: number }[]
  ticks: { value: number; y: number }[]
}

type BarChartProps = {
  chart: ChartShape
  /** What is shown, in words, for readers who do not see it. */
  label: string
  days: string[]
  /** One value with its unit, as a tick or as the title of a bar. */
  format: (value: number) => string
}

/** Values by day, laid out by the server: there is no chart library in the browser. */
export const BarChart = ({ chart, label, days, format }: BarChartProps) => {
  const shown = [...new Set([days[0], days[Math.floor((days.length - 1) / 2)], days.at(-1)])]
  return (
    <figure className="grid grid-cols-[auto_1fr] gap-x-3 text-xs text-muted tabular-nums">
      <div aria-hidden="true" className="flex h-48 flex-col justify-between text-right">
        {chart.ticks.map(({ value }) => (
          <span key={value} className="flex h-0 items-center justify-end whitespace-nowrap">
            {format(value)}
          </span>
        ))}
      </div>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${chart.width} ${chart.height}`}
        preserveAspectRatio="none"
        className="h-48 w-full overflow-visible"
      >
        {chart.ticks.map(({ value, y }) => (
          <line
            key={value}
            x1={0}
            x2={chart.width}
            y1={y}
            y2={y}
            vectorEffect="non-scaling-stroke"
            className="stroke-line"
          />
        ))}
        {chart.bars.map(({ day, value, ...box }) => (
          <rect key={day} {...box} className="fill-accent hover:fill-accent-strong">
            <title>{`${day}: ${format(value)}`}</title>
          </rect>
        ))}
      </svg>
      <div aria-hidden="true" className="col-start-2 mt-2 flex justify-between">
        {shown.map((day) => (
          <span key={day}>{day}</span>
        ))}
      </div>
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
