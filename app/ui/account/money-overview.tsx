import { Plural, Trans, useLingui } from '@lingui/react/macro'
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
  if (monthlyNanos === null || renewsAt === null) return <Trans>No plan now</Trans>
  if (planInGrace) return <Trans>The balance is short of its price</Trans>
  const endsAt = planCanceled ? renewsAt : planEndsAt
  const all = <Money nanos={monthlyNanos} />
  const day = <Time at={endsAt ?? renewsAt} to="day" />
  if (planIsForSome)
    return endsAt ? (
      <Trans>
        of {all} for some models, ends {day}
      </Trans>
    ) : (
      <Trans>
        of {all} for some models, renews {day}
      </Trans>
    )
  return endsAt ? (
    <Trans>
      of {all}, ends {day}
    </Trans>
  ) : (
    <Trans>
      of {all}, renews {day}
    </Trans>
  )
}

const Available = ({ overview }: { overview: MoneyFigures }) => {
  const exact = exactMoney(overview.availableNanos)
  return (
    <dl className="border-b border-line px-4 py-5 sm:px-6">
      <dt className="text-sm text-muted">
        <Trans>Available</Trans>
      </dt>
      <dd className="text-3xl leading-10 font-semibold tracking-tight wrap-anywhere sm:text-4xl sm:leading-12">
        <MoneyAtAGlance nanos={overview.availableNanos} />
      </dd>
      {exact && <dd className="text-sm text-muted wrap-anywhere">{exact}</dd>}
      <dd className="text-sm text-muted">
        {overview.availableNanos < 0 ? (
          <Trans>Below zero: calls are refused until that is paid</Trans>
        ) : overview.hadPlan ? (
          <Trans>Balance and plan, less what open calls hold</Trans>
        ) : (
          <Trans>Balance, less what open calls hold</Trans>
        )}
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
  const zone = zoneName(useContext(Zone))
  const { t } = useLingui()
  return (
    <section
      aria-label={t`Money`}
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <Available overview={overview} />
      <Stats columns={overview.hadPlan ? 5 : 4}>
        <MoneyStat
          label={t`Balance`}
          nanos={overview.balanceNanos}
          note={overview.balanceNanos < 0 ? t`Below zero: new credit fills it first` : t`Prepaid`}
        />
        {overview.hadPlan === 1 && (
          <MoneyStat
            label={t`Plan left`}
            nanos={overview.planNanos}
            note={<PlanNote {...overview} />}
          />
        )}
        <MoneyStat
          label={t`Held now`}
          nanos={overview.heldNanos}
          note={
            open === 0 ? (
              t`No open calls`
            ) : (
              <Plural value={open} one="# open call" other="# open calls" />
            )
          }
        />
        <MoneyStat
          label={t`Spent today`}
          nanos={overview.todayNanos ?? 0}
          note={t`Since 00:00 ${zone}`}
        />
        <MoneyStat
          label={t`Spent this month`}
          nanos={overview.monthNanos ?? 0}
          note={t`Since the 1st, ${zone}`}
        />
      </Stats>
    </section>
  )
}
