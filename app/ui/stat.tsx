import type { ReactNode } from 'react'

type StatProps = { label: string; value: ReactNode; note?: ReactNode }

/** One figure with its name. Goes into a `Stats` list. */
export const Stat = ({ label, value, note }: StatProps) => (
  <div className="min-w-0 bg-surface last:odd:col-span-2 lg:last:odd:col-span-1 px-4 py-4 sm:px-6">
    <dt className="text-sm text-muted">{label}</dt>
    <dd className="mt-0.5 leading-7 font-semibold sm:text-lg wrap-anywhere">{value}</dd>
    {note && <dd className="text-sm text-muted">{note}</dd>}
  </div>
)

const columnsOf = { 4: 'lg:grid-cols-4', 5: 'lg:grid-cols-5' }

type StatsProps = { children: ReactNode; columns?: keyof typeof columnsOf }

/** Figures side by side, in pairs where there is less room. */
export const Stats = ({ children, columns = 5 }: StatsProps) => (
  <dl className={`grid gap-px grid-cols-2 overflow-hidden bg-line ${columnsOf[columns]}`}>
    {children}
  </dl>
)
