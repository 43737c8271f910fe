import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'

type TextLinkProps = { to: string; children: ReactNode; label?: string }

const look =
  'rounded-sm font-medium text-accent underline decoration-accent/40 underline-offset-3 ' +
  'hover:decoration-accent'

/** A link within a sentence or a cell; `label` says more to readers who hear only links. */
export const TextLink = ({ to, children, label }: TextLinkProps) => (
  <Link to={to} aria-label={label} className={look}>
    {children}
  </Link>
)

/** Where a row leads to: where the table is narrow, wherever in the row one touches it. */
export const RowLink = ({ to, children, label }: TextLinkProps) => (
  <Link to={to} aria-label={label} className={`${look} max-md:after:absolute max-md:after:inset-0`}>
    {children}
  </Link>
)

/** To a file, which the browser saves: a plain link, because there is no page behind it. */
export const FileLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <a
    href={to}
    className="rounded-sm text-sm font-medium text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent print:hidden"
  >
    {children}
  </a>
)
