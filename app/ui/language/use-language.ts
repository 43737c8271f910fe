import { useLingui } from '@lingui/react'
import { isLanguage, type Language } from '../../values/language/languages.ts'

/** The language that a page is shown in. */
export function useLanguage(): Language {
  const { locale } = useLingui().i18n
  return isLanguage(locale) ? locale : 'en'
}
