import type { ReactNode } from 'react'

/** Stands where a list would be: what is missing, and what to do about it. */
export const Empty = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="px-4 pt-4 pb-8 text-center text-sm sm:px-6">
    <p className="font-medium">{title}</p>
    <div className="mt-1 text-muted">{children}</div>
  </div>
)
