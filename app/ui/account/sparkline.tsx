type SparklineProps = { values: number[]; label: string }

const [width, height, gap] = [96, 20, 1]

/** A bar a day, as high as its part of the highest; nothing where there is nothing. */
export const Sparkline = ({ values, label }: SparklineProps) => {
  const most = Math.max(0, ...values)
  if (most === 0) return null
  const step = width / values.length
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      className="inline-block h-5 w-24 align-bottom"
    >
      {values.map((value, at) => {
        // A day with little in it is still a day with something in it.
        const tall = value === 0 ? 0 : Math.max(1, (value / most) * height)
        const place = { x: at * step, y: height - tall, width: step - gap, height: tall }
        return <rect key={at} {...place} className="fill-accent" />
      })}
    </svg>
  )
}
