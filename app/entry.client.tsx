import { RemixBrowser } from '@remix-run/react'
import { I18nProvider } from '@lingui/react'
import { startTransition, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { learn } from './ui/language/learn.ts'
import { speakerOf } from './ui/language/speakers.ts'
import { isLanguage, type Language } from './values/language/languages.ts'

/** A file each, of which a browser loads the one that its page is in. */
const catalogues = {
  en: () => import('virtual:catalogue/en'),
  'zh-CN': () => import('virtual:catalogue/zh-CN'),
} satisfies Record<Language, unknown>

const { lang } = document.documentElement
const language = isLanguage(lang) ? lang : 'en'

void catalogues[language]().then(({ messages }) => {
  learn(language, messages)
  // As a transition, so that whoever is typing already is not held up.
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <I18nProvider i18n={speakerOf(language)}>
          <RemixBrowser />
        </I18nProvider>
      </StrictMode>,
    )
  })
})
