import { useLingui } from '@lingui/react/macro'
import type { MessageDescriptor } from '@lingui/core'
import { languageNames, languages } from '../../values/language/languages.ts'
import { msg } from '../../values/language/msg.ts'
import { themes, type Theme } from '../../values/site/themes.ts'
import { useLanguage } from '../language/use-language.ts'

const themeWords = {
  system: msg`As the system`,
  light: msg`Light`,
  dark: msg`Dark`,
} satisfies Record<Theme, MessageDescriptor>

type Choosing = {
  /** Where one is chosen, and where to go on from there. */
  action: string
  returnTo: string
}

type PageFooterProps = {
  links: { text: string; to: string }[]
  theme: Theme
  themeAction: string
  languageAction: string
  returnTo: string
}

const plain =
  'inline-flex min-h-9 items-center rounded-sm text-muted underline-offset-3 hover:text-ink hover:underline'
const pressable = `${plain} cursor-pointer aria-pressed:font-medium aria-pressed:text-ink`

/** How light the pages are: a form of three buttons, of which one is pressed. */
const ThemeSwitch = ({ theme, action, returnTo }: Choosing & { theme: Theme }) => {
  const { t } = useLingui()
  return (
    <form method="post" action={action} className="flex gap-x-4" aria-label={t`Colours`}>
      <input type="hidden" name="returnTo" value={returnTo} />
      {themes.map((each) => (
        <button
          key={each}
          name="theme"
          value={each}
          aria-pressed={each === theme}
          className={pressable}
        >
          {t(themeWords[each])}
        </button>
      ))}
    </form>
  )
}

/** The same for the language; each calls itself by its own name. A new page is loaded in it. */
const LanguageSwitch = ({ action, returnTo }: Choosing) => {
  const { t } = useLingui()
  const language = useLanguage()
  return (
    <form method="post" action={action} className="flex gap-x-4" aria-label={t`Language`}>
      <input type="hidden" name="returnTo" value={returnTo} />
      {languages.map((each) => (
        <button
          key={each}
          name="language"
          value={each}
          lang={each}
          aria-pressed={each === language}
          className={pressable}
        >
          {languageNames[each]}
        </button>
      ))}
    </form>
  )
}

/** Below every page: the operator's own links, the language and the theme. */
export const PageFooter = (props: PageFooterProps) => {
  const { links, theme, themeAction, languageAction, returnTo } = props
  return (
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
        <div className="flex flex-wrap gap-x-8">
          <LanguageSwitch action={languageAction} returnTo={returnTo} />
          <ThemeSwitch theme={theme} action={themeAction} returnTo={returnTo} />
        </div>
      </div>
    </footer>
  )
}
