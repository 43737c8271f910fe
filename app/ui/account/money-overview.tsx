import { Money } from '../money.tsx'
import { Stat, Stats } from '../stat.tsx'
import { Time } from '../time.tsx'

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
  openHolds: number | null
  todayNanos: number | null
  monthNanos: number | null
}

function PlanNote(figures: MoneyFigures) {
  const { monthlyNanos, renewsAt, planInGrace, planCanceled, planEndsAt, planIsForSome } = figures
  if (monthlyNanos === null || renewsAt === null) return 'No plan'
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

/** What there is to spend, what it is made of, and what was spent. The figures are of one moment. */
export const MoneyOverview = ({ overview }: { overview: MoneyFigures }) => {
  const open = overview.openHolds ?? 0
  return (
    <section
      aria-label="Money"
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <dl className="border-b border-line px-4 py-5 sm:px-6">
        <dt className="text-sm text-muted">Available</dt>
        <dd className="text-3xl leading-10 font-semibold tracking-tight wrap-anywhere sm:text-4xl sm:leading-12">
          <Money nanos={overview.availableNanos} />
        </dd>
        <dd className="text-sm text-muted">Balance and plan, less what open calls hold</dd>
      </dl>
      <Stats>
        <Stat
          label="Balance"
          value={<Money nanos={overview.balanceNanos} />}
          note={overview.balanceNanos < 0 ? 'Below zero: new credit fills it first' : 'Prepaid'}
        />
        <Stat
          label="Plan left"
          value={<Money nanos={overview.planNanos} />}
          note={<PlanNote {...overview} />}
        />
        <Stat
          label="Held now"
          value={<Money nanos={overview.heldNanos} />}
          note={open === 0 ? 'No open calls' : open === 1 ? '1 open call' : `${open} open calls`}
        />
        <Stat
          label="Spent today"
          value={<Money nanos={overview.todayNanos ?? 0} />}
          note="Since 00:00 UTC"
        />
        <Stat
          label="Spent this month"
          value={<Money nanos={overview.monthNanos ?? 0} />}
          note="Since the 1st, UTC"
        />
      </Stats>
    </section>
  )
}
