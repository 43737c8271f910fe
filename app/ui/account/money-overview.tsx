import { useContext } from 'react'
import { exactMoney, Money, MoneyAtAGlance } from '../money.tsx'
import { MoneyStat, Stats } from '../stat.tsx'
import { Time } from '../time.tsx'
import { RunwayLine } from './runway.tsx'
import { Zone, zoneName } from '../zone/zone.tsx'

type MoneyFigures = {
  availableNanos: number
  balanceNanos: number
  planNanos: number
  heldNanos: number
  monthlyNanos: number | null
  renewsAt: Date | null
  planInGrace: number | null
  planCanceled: number
  planEndsAt: Date | null
  /** Its credit does not pay for every model. */
  planIsForSome: number
  /** It has a plan, or has had one: others are spared its figures. */
  hadPlan: number
  notifyBelowNanos: number | null
  openHolds: number | null
  todayNanos: number | null
  monthNanos: number | null
  runway: { dailyNanos: number; ofDays: number; days: number | null }
}

function PlanNote(figures: MoneyFigures) {
  const { monthlyNanos, renewsAt, planInGrace, planCanceled, planEndsAt, planIsForSome } = figures
  if (monthlyNanos === null || renewsAt === null) return 'No plan now'
  if (planInGrace) return 'The balance is short of its price'
  const endsAt = planCanceled ? renewsAt : planEndsAt
  return (
    <>
      of <Money nanos={monthlyNanos} />
      {planIsForSome ? ' for some models' : ''}, {endsAt ? 'ends' : 'renews'}{' '}
      <Time at={endsAt ?? renewsAt} to="day" />
    </>
  )
}

const Available = ({ overview }: { overview: MoneyFigures }) => {
  const exact = exactMoney(overview.availableNanos)
  return (
    <dl className="border-b border-line px-4 py-5 sm:px-6">
      <dt className="text-sm text-muted">Available</dt>
      <dd className="text-3xl leading-10 font-semibold tracking-tight wrap-anywhere sm:text-4xl sm:leading-12">
        <MoneyAtAGlance nanos={overview.availableNanos} />
      </dd>
      {exact && <dd className="text-sm text-muted wrap-anywhere">{exact}</dd>}
      <dd className="text-sm text-muted">
        {overview.availableNanos < 0
          ? 'Below zero: calls are refused until that is paid'
          : overview.hadPlan
            ? 'Balance and plan, less what open calls hold'
            : 'Balance, less what open calls hold'}
      </dd>
      <dd className="mt-1">
        <RunwayLine {...overview} />
      </dd>
    </dl>
  )
}

/** What there is to spend, what it is made of, and what was spent. The figures are of one moment. */
export const MoneyOverview = ({ overview }: { overview: MoneyFigures }) => {
  const open = overview.openHolds ?? 0
  const zone = useContext(Zone)
  return (
    <section
      aria-label="Money"
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <Available overview={overview} />
      <Stats columns={overview.hadPlan ? 5 : 4}>
        <MoneyStat
          label="Balance"
          nanos={overview.balanceNanos}
          note={overview.balanceNanos < 0 ? 'Below zero: new credit fills it first' : 'Prepaid'}
        />
        {overview.hadPlan === 1 && (
          <MoneyStat
            label="Plan left"
            nanos={overview.planNanos}
            note={<PlanNote {...overview} />}
          />
        )}
        <MoneyStat
          label="Held now"
          nanos={overview.heldNanos}
          note={open === 0 ? 'No open calls' : open === 1 ? '1 open call' : `${open} open calls`}
        />
        <MoneyStat
          label="Spent today"
          nanos={overview.todayNanos ?? 0}
          note={`Since 00:00 ${zoneName(zone)}`}
        />
        <MoneyStat
          label="Spent this month"
          nanos={overview.monthNanos ?? 0}
          note={`Since the 1st, ${zoneName(zone)}`}
        />
      </Stats>
    </section>
  )
}
