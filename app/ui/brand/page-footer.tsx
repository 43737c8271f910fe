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

type SwitchProps = Choosing & {
  label: string
  name: string
  choices: { value: string; text: string; lang?: string; isChosen: boolean }[]
}

/** A form of a few buttons, of which one is pressed. A new page is loaded with what is chosen. */
const Switch = ({ action, returnTo, label, name, choices }: SwitchProps) => (
  <form method="post" action={action} className="flex gap-x-4" aria-label={label}>
    <input type="hidden" name="returnTo" value={returnTo} />
    {choices.map(({ value, text, lang, isChosen }) => (
      <button key={value} {...{ name, value, lang }} aria-pressed={isChosen} className={pressable}>
        {text}
      </button>
    ))}
  </form>
)

/** How light the pages are. */
const ThemeSwitch = ({ theme, ...choosing }: Choosing & { theme: Theme }) => {
  const { t } = useLingui()
  const choices = themes.map((value) => ({
    value,
    text: t(themeWords[value]),
    isChosen: value === theme,
  }))
  return <Switch {...choosing} label={t`Colours`} name="theme" choices={choices} />
}

/** The language of the pages; each calls itself by its own name. */
const LanguageSwitch = (choosing: Choosing) => {
  const { t } = useLingui()
  const language = useLanguage()
  const choices = languages.map((value) => ({
    value,
    text: languageNames[value],
    lang: value,
    isChosen: value === language,
  }))
  return <Switch {...choosing} label={t`Language`} name="language" choices={choices} />
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
