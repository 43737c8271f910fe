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

/**
 * Remix reads what its page was sent when it is rendered first, and throws what it waits for, as
 * for a `Suspense` that is not there. Who clicks or types in that moment has React give up the page
 * and make it anew (“Root did not complete”), and what was typed is gone: so it is waited for here.
 */
function stateIsRead(): unknown {
  try {
    return RemixBrowser({})
  } catch (waitedFor) {
    return waitedFor
  }
}

void Promise.all([catalogues[language](), stateIsRead()]).then(([{ messages }]) => {
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
