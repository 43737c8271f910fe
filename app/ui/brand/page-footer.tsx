import { themes, type Theme } from '../../values/site/themes.ts'

const themeWords = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
} satisfies Record<Theme, string>

type PageFooterProps = {
  links: { text: string; to: string }[]
  theme: Theme
  /** Where a theme is chosen, and where to go on from there. */
  action: string
  returnTo: string
}

const plain =
  'inline-flex min-h-9 items-center rounded-sm text-muted underline-offset-3 hover:text-ink hover:underline'

/** How light the pages are: a form of three buttons, of which one is pressed. */
const ThemeSwitch = ({ theme, action, returnTo }: Omit<PageFooterProps, 'links'>) => (
  <form method="post" action={action} className="flex gap-x-4" aria-label="Colours">
    <input type="hidden" name="returnTo" value={returnTo} />
    {themes.map((each) => (
      <button
        key={each}
        name="theme"
        value={each}
        aria-pressed={each === theme}
        className={`${plain} cursor-pointer aria-pressed:font-medium aria-pressed:text-ink`}
      >
        {themeWords[each]}
      </button>
    ))}
  </form>
)

/** Below every page: the operator's own links, and the theme. */
export const PageFooter = ({ links, ...themed }: PageFooterProps) => (
  <footer className="mx-auto max-w-6xl px-4 text-sm sm:px-6 print:hidden">
    <div className="flex flex-wrap items-center justify-between gap-x-6 border-t border-line py-3">
      <ul className="flex flex-wrap gap-x-4">
        {links.map(({ text, to }) => (
          <li key={to}>
            <a href={to} className={plain}>
              {text}
            </a>
          </li>
        ))}
      </ul>
      <ThemeSwitch {...themed} />
    </div>
  </footer>
)
