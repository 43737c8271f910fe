import type { ReactNode } from 'react'
import { exactMoney, MoneyAtAGlance } from './money.tsx'

type StatProps = { label: string; value: ReactNode; exact?: ReactNode; note?: ReactNode }

/** One figure with its name. Goes into a `Stats` list. */
export const Stat = ({ label, value, exact, note }: StatProps) => (
  <div className="min-w-0 bg-surface last:odd:col-span-2 lg:last:odd:col-span-1 px-4 py-4 sm:px-6">
    <dt className="text-sm text-muted">{label}</dt>
    <dd className="mt-0.5 leading-7 font-semibold sm:text-lg wrap-anywhere">{value}</dd>
    {exact && <dd className="text-xs text-muted wrap-anywhere">{exact}</dd>}
    {note && <dd className="text-sm text-muted">{note}</dd>}
  </div>
)

/** An amount as such a figure: at a glance, and beneath it exactly. */
export const MoneyStat = ({
  nanos,
  ...stat
}: {
  label: string
  nanos: number
  note?: ReactNode
}) => <Stat {...stat} value={<MoneyAtAGlance nanos={nanos} />} exact={exactMoney(nanos)} />

const columnsOf = { 4: 'lg:grid-cols-4', 5: 'lg:grid-cols-5' }

type StatsProps = { children: ReactNode; columns?: keyof typeof columnsOf }

/** Figures side by side, in pairs where there is less room. */
export const Stats = ({ children, columns = 5 }: StatsProps) => (
  <dl className={`grid gap-px grid-cols-2 overflow-hidden bg-line ${columnsOf[columns]}`}>
    {children}
  </dl>
)
