import { Trans, useLingui } from '@lingui/react/macro'
import { Link, NavLink, useLocation } from '@remix-run/react'
import { useEffect, useRef, type ReactNode } from 'react'

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

/** So many links have room beside the name of the site on all but phones; more do only on desks. */
const fewLinks = 3
const few = { nav: 'sm:order-none sm:w-auto sm:[&_a]:min-h-14', list: '' }
const many = {
  nav: 'max-lg:-me-4 lg:order-none lg:w-auto',
  list: 'max-lg:pe-8 max-lg:[mask-image:linear-gradient(to_right,black_calc(100%_-_2.5rem),transparent)]',
}

/**
 * Where one can go, in one line: what a phone has no room for comes by pushing it sideways. Where
 * one is is always in sight.
 */
const PageLinks = ({ links }: Pick<FrameProps, 'links'>) => {
  const { t } = useLingui()
  const look = links.length <= fewLinks ? few : many
  const list = useRef<HTMLUListElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    const here = list.current?.querySelector<HTMLElement>('[aria-current=page]')?.parentElement
    if (!list.current || !here) return
    const middle = here.offsetLeft + here.offsetWidth / 2
    list.current.scrollLeft = middle - list.current.clientWidth / 2
  }, [pathname])
  return (
    <nav aria-label={t`Pages`} className={`order-last w-full ${look.nav}`}>
      <ul
        ref={list}
        className={`relative flex gap-x-4 overflow-x-auto text-sm [scrollbar-width:none] md:gap-x-5 ${look.list}`}
      >
        {links.map(({ to, text }) => (
          <li key={to}>
            <NavLink
              to={to}
              className="flex min-h-11 items-center border-b-2 border-transparent whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:[scroll-initial-target:nearest] lg:min-h-14"
            >
              {text}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What is around every page: who we are, where one can go, and where the page itself begins. */
export const PageFrame = ({ name, logo, home, links, aside, children }: FrameProps) => (
  <>
    <a
      href="#main"
      className="sr-only rounded-md bg-surface px-4 py-2 font-semibold focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
    >
      <Trans>Skip to the page</Trans>
    </a>
    <header className="border-b border-line bg-surface print:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 px-4 sm:px-6">
        <Link to={home} className="flex min-h-14 items-center gap-2 font-semibold">
          {logo === null ? <Mark /> : <img src={logo} alt="" className="h-6 max-w-32" />}
          {name}
        </Link>
        {links.length > 0 && <PageLinks links={links} />}
        <div className="ml-auto flex min-h-14 items-center gap-3 text-sm">{aside}</div>
      </div>
    </header>
    <main
      id="main"
      className="mx-auto grid max-w-6xl grid-cols-1 gap-6 px-4 py-8 sm:px-6 print:p-0"
    >
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
