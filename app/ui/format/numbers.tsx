import type { Language } from '../../values/language/languages.ts'
import { useLanguage } from '../language/use-language.ts'

/** How pages write numbers: one place, by the language of the page. */
const whole = {
  en: new Intl.NumberFormat('en'),
  'zh-CN': new Intl.NumberFormat('zh-CN'),
} satisfies Record<Language, Intl.NumberFormat>

/** A whole number with its thousands apart. */
export const formatCount = (count: number, language: Language = 'en'): string =>
  whole[language].format(count)

/** The same as a component shows it. */
export const Count = ({ of }: { of: number }) => <>{formatCount(of, useLanguage())}</>
