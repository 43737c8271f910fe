import { Link } from '@remix-run/react'

type SwitchLinksProps = {
  label: string
  links: { to: string; text: string; isCurrent: boolean }[]
}

/** A few ways to see the same thing, one of them now. */
export const SwitchLinks = ({ label, links }: SwitchLinksProps) => (
  <nav aria-label={label} className="print:hidden">
    <ul className="flex flex-wrap gap-x-1 gap-y-1 text-sm">
      {links.map(({ to, text, isCurrent }) => (
        <li key={text}>
          <Link
            to={to}
            preventScrollReset
            aria-current={isCurrent ? 'true' : undefined}
            className="inline-flex min-h-8 items-center rounded-md px-2.5 text-muted hover:bg-sunken hover:text-ink aria-[current=true]:bg-accent-soft aria-[current=true]:font-medium aria-[current=true]:text-ink"
          >
            {text}
          </Link>
        </li>
      ))}
    </ul>
  </nav>
)
