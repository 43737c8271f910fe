import { Trans } from '@lingui/react/macro'
import { Money, MoneyAtAGlance } from '../money.tsx'

type RunwayProps = {
  runway: { dailyNanos: number; ofDays: number; days: number | null }
  availableNanos: number
  /** Below which the person is told of it; null where they have not said. */
  notifyBelowNanos: number | null
}

const yearDays = 365

const Lasts = ({ days }: { days: number }) => {
  if (days < 1) return <Trans>Less than a day at this pace.</Trans>
  if (days === 1) return <Trans>About a day at this pace.</Trans>
  if (days > yearDays) return <Trans>More than a year at this pace.</Trans>
  return <Trans>About {days} days at this pace.</Trans>
}

type PaceProps = Pick<RunwayProps['runway'], 'dailyNanos' | 'ofDays'>

const Pace = ({ dailyNanos, ofDays }: PaceProps) =>
  ofDays === 1 ? (
    <Trans>
      The first day has cost <MoneyAtAGlance nanos={dailyNanos} /> so far.
    </Trans>
  ) : (
    <Trans>
      The last {ofDays} days have cost <MoneyAtAGlance nanos={dailyNanos} /> a day on average.
    </Trans>
  )

/** For how long the money lasts, and whether it is below what its people watch out for. */
export const RunwayLine = ({ runway, availableNanos, notifyBelowNanos }: RunwayProps) => {
  const { days } = runway
  const isLow = notifyBelowNanos !== null && availableNanos < notifyBelowNanos
  if (!isLow && days === null) return null
  const low = isLow && (
    <Trans>
      Below your threshold of <Money nanos={notifyBelowNanos} />.
    </Trans>
  )
  const pace = <Pace {...runway} />
  const lasts = days !== null && (
    <Trans>
      <Lasts days={days} /> {pace}
    </Trans>
  )
  return (
    <p className={`text-sm ${isLow ? 'font-medium text-warn' : 'text-muted'}`}>
      {low && lasts ? (
        <Trans>
          {low} {lasts}
        </Trans>
      ) : (
        low || lasts
      )}
    </p>
  )
}
