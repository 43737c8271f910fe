import { useId, type ReactNode } from 'react'

type CardProps = { title?: string; aside?: ReactNode; children: ReactNode; isFlush?: boolean }

/** A titled part of a page. `isFlush` lets a table reach the edges. */
export function Card({ title, aside, children, isFlush = false }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className="rounded-lg border border-line bg-surface shadow-card print:border-0 print:shadow-none"
    >
      {title && (
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 pt-4 sm:px-6">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {aside && <div className="text-sm text-muted">{aside}</div>}
        </div>
      )}
      <div className={isFlush ? 'pt-3' : 'px-4 pt-4 pb-5 sm:px-6'}>{children}</div>
    </section>
  )
}
