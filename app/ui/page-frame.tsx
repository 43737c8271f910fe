import { Link, NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'

type FrameProps = {
  name: string
  /** Its address; null for our own mark. */
  logo: string | null
  home: string
  links: { to: string; text: string }[]
  aside: ReactNode
  children: ReactNode
}

const Mark = () => (
  <svg viewBox="0 0 24 24" className="size-6" aria-hidden="true">
    <rect width="24" height="24" rx="6" className="fill-accent" />
    <path
      d="M5 8.5h9m-3-3 3.5 3-3.5 3M19 15.5h-9m3-3-3.5 3 3.5 3"
      className="fill-none stroke-on-accent stroke-2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)

/** What is around every page: who we are, where one can go, and where the page itself begins. */
export const PageFrame = ({ name, logo, home, links, aside, children }: FrameProps) => (
  <>
    <a
      href="#main"
      className="sr-only rounded-md bg-surface px-4 py-2 font-semibold focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
    >
      Skip to the page
    </a>
    <header className="border-b border-line bg-surface print:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 px-4 sm:px-6">
        <Link to={home} className="flex min-h-14 items-center gap-2 font-semibold">
          {logo === null ? <Mark /> : <img src={logo} alt="" className="h-6 max-w-32" />}
          {name}
        </Link>
        {links.length > 0 && (
          <nav aria-label="Pages" className="max-sm:order-last max-sm:w-full">
            <ul className="flex flex-wrap gap-x-5 text-sm">
              {links.map(({ to, text }) => (
                <li key={to}>
                  <NavLink
                    to={to}
                    className="-mb-px flex min-h-11 items-center border-b-2 border-transparent text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink sm:min-h-14"
                  >
                    {text}
                  </NavLink>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div className="ml-auto flex min-h-14 items-center gap-3 text-sm">{aside}</div>
      </div>
    </header>
    <main id="main" className="mx-auto grid max-w-6xl gap-6 px-4 py-8 sm:px-6 print:p-0">
      {children}
    </main>
  </>
)

/** The page's own name, once a page, with what one can do here to its right. */
export const PageTitle = ({ children, aside }: { children: ReactNode; aside?: ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-3">
    <h1 className="text-2xl font-semibold tracking-tight">{children}</h1>
    {aside}
  </div>
)
