import { isLanguage, type Language } from '../../values/language/languages.ts'

let known: Language | undefined

/** In a browser: the language that its page was made in, whatever else has translated it since. */
export function languageOfPage(): Language {
  const { lang } = document.documentElement
  return (known ??= isLanguage(lang) ? lang : 'en')
}
