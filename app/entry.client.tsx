import { RemixBrowser } from '@remix-run/react'
import { I18nProvider } from '@lingui/react'
import { startTransition, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { learn } from './ui/language/learn.ts'
import { languageOfPage } from './ui/language/of-page.ts'
import { speakerOf } from './ui/language/speakers.ts'
import type { Language } from './values/language/languages.ts'

/** What every page may say: a file each, of which a browser loads the one that its page is in. */
const catalogues = {
  en: () => import('virtual:catalogue/en-shared'),
  'zh-CN': () => import('virtual:catalogue/zh-CN-shared'),
} satisfies Record<Language, unknown>

const language = languageOfPage()

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
