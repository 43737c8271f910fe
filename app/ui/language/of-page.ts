import { isLanguage, type Language } from '../../values/language/languages.ts'

/** In a browser: the language that its page was made in. */
export function languageOfPage(): Language {
  const { lang } = document.documentElement
  return isLanguage(lang) ? lang : 'en'
}
