import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@remix-run/react'

type SwitchLinksProps = {
  label: string
  links: { to: string; text: string; isCurrent: boolean }[]
  look?: keyof typeof looks
}

/** As pieces beside one another, or as tabs above what they change, on the line of their frame. */
const looks = {
  pieces: {
    list: 'flex flex-wrap gap-x-1 gap-y-1 text-sm',
    link:
      'inline-flex min-h-8 items-center rounded-md px-2.5 text-muted hover:bg-sunken hover:text-ink ' +
      'aria-[current=true]:bg-accent-soft aria-[current=true]:font-medium aria-[current=true]:text-ink',
  },
  tabs: {
    list: 'flex flex-wrap gap-x-5 text-sm',
    link:
      '-mb-px flex min-h-10 items-center border-b-2 border-transparent text-muted hover:text-ink ' +
      'aria-[current=true]:border-accent aria-[current=true]:font-medium aria-[current=true]:text-ink',
  },
}

/** A few ways to see the same thing, one of them now. */
export const SwitchLinks = ({ label, links, look = 'pieces' }: SwitchLinksProps) => (
  <nav aria-label={label} className="print:hidden">
    <ul className={looks[look].list}>
      {links.map(({ to, text, isCurrent }) => (
        <li key={text}>
          <Link
            to={to}
            preventScrollReset
            aria-current={isCurrent ? 'true' : undefined}
            className={looks[look].link}
          >
            {text}
          </Link>
        </li>
      ))}
    </ul>
  </nav>
)

type ChipsProps = { label: string; chips: { to: string; text: string }[]; clear: string }

/** What narrows a list: each is a link to the list without it, the last one to the list without all. */
export const Chips = ({ label, chips, clear }: ChipsProps) => {
  const { t } = useLingui()
  return chips.length === 0 ? null : (
    <nav aria-label={label} className="print:hidden">
      <ul className="flex flex-wrap items-center gap-2 text-sm">
        {chips.map(({ to, text }) => (
          <li key={text} className="min-w-0">
            <Link
              to={to}
              preventScrollReset
              aria-label={t`Without ${text}`}
              className="inline-flex min-h-8 max-w-full items-center gap-2 rounded-full border border-line-strong bg-accent-soft px-3 text-ink hover:border-accent"
            >
              <span className="min-w-0 truncate">{text}</span>
              <span aria-hidden="true">×</span>
            </Link>
          </li>
        ))}
        <li>
          <Link
            to={clear}
            preventScrollReset
            className="inline-flex min-h-8 items-center rounded-sm px-1 font-medium text-accent underline decoration-accent/40 underline-offset-3"
          >
            <Trans>Clear all</Trans>
          </Link>
        </li>
      </ul>
    </nav>
  )
}
