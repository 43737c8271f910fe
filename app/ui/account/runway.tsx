import { Money, MoneyAtAGlance } from '../money.tsx'

type RunwayProps = {
  runway: { dailyNanos: number; ofDays: number; days: number | null }
  availableNanos: number
  /** Below which the person is told of it; null where they have not said. */
  notifyBelowNanos: number | null
}

const yearDays = 365

const Lasts = ({ days }: { days: number }) => {
  if (days < 1) return <>Less than a day at this pace.</>
  if (days === 1) return <>About a day at this pace.</>
  if (days > yearDays) return <>More than a year at this pace.</>
  return <>About {days} days at this pace.</>
}

type PaceProps = Pick<RunwayProps['runway'], 'dailyNanos' | 'ofDays'>

const Pace = ({ dailyNanos, ofDays }: PaceProps) =>
  ofDays === 1 ? (
    <>
      The first day has cost <MoneyAtAGlance nanos={dailyNanos} /> so far.
    </>
  ) : (
    <>
      The last {ofDays} days have cost <MoneyAtAGlance nanos={dailyNanos} /> a day on average.
    </>
  )

/** For how long the money lasts, and whether it is below what its people watch out for. */
export const RunwayLine = ({ runway, availableNanos, notifyBelowNanos }: RunwayProps) => {
  const isLow = notifyBelowNanos !== null && availableNanos < notifyBelowNanos
  if (!isLow && runway.days === null) return null
  return (
    <p className={`text-sm ${isLow ? 'font-medium text-warn' : 'text-muted'}`}>
      {isLow && (
        <>
          Below your threshold of <Money nanos={notifyBelowNanos} />.{' '}
        </>
      )}
      {runway.days !== null && (
        <>
          <Lasts days={runway.days} /> <Pace {...runway} />
        </>
      )}
    </p>
  )
}
