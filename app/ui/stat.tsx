import type { ReactNode } from 'react'

type StatProps = { label: string; value: ReactNode; note?: ReactNode }

/** One figure with its name. Goes into a `Stats` list. */
export const Stat = ({ label, value, note }: StatProps) => (
  <div className="min-w-0 bg-surface px-4 py-4 sm:px-6">
    <dt className="text-sm text-muted">{label}</dt>
    <dd className="mt-0.5 text-lg leading-7 font-semibold wrap-anywhere">{value}</dd>
    {note && <dd className="text-sm text-muted">{note}</dd>}
  </div>
)

/** Figures side by side, one below the other on a phone. */
export const Stats = ({ children }: { children: ReactNode }) => (
  <dl className="grid gap-px overflow-hidden bg-line sm:auto-cols-fr sm:grid-cols-2 lg:grid-flow-col lg:grid-cols-none">
    {children}
  </dl>
)
