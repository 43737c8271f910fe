import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'

type TextLinkProps = { to: string; children: ReactNode; label?: string }

/** A link within a sentence or a cell; `label` says more to readers who hear only links. */
export const TextLink = ({ to, children, label }: TextLinkProps) => (
  <Link
    to={to}
    aria-label={label}
    className="rounded-sm font-medium text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent"
  >
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
