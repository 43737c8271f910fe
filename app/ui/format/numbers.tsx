import type { Language } from '../../values/language/languages.ts'
import { useLanguage } from '../language/use-language.ts'

/** How pages write numbers: one place, by the language of the page. */
const whole = {
  en: new Intl.NumberFormat('en'),
  'zh-CN': new Intl.NumberFormat('zh-CN'),
} satisfies Record<Language, Intl.NumberFormat>

/** A whole number with its thousands apart. */
export const formatCount = (count: number, language: Language): string =>
  whole[language].format(count)

/** The same as a component shows it. */
export const Count = ({ of }: { of: number }) => <>{formatCount(of, useLanguage())}</>

function formsOf(language: Language) {
  const form = (parts: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, parts)
  const percent = { style: 'percent', signDisplay: 'exceptZero' } as const
  return {
    compact: form({ notation: 'compact' }),
    percent: form(percent),
    finePercent: form({ ...percent, maximumFractionDigits: 1 }),
    dollars: form({ minimumFractionDigits: 2, maximumFractionDigits: 9 }),
  }
}
const forms = { en: formsOf('en'), 'zh-CN': formsOf('zh-CN') } satisfies Record<Language, unknown>

/** A round number in as little room as there is: `500M`. */
export const formatCompact = (count: number, language: Language): string =>
  forms[language].compact.format(count)

/** By how much of the one before an amount has changed, such as `+12.5%`, or `+14,739%`. */
export function formatChange(now: number, before: number, language: Language): string {
  const change = (now - before) / before
  const { percent, finePercent } = forms[language]
  return (Math.abs(change) < 1 ? finePercent : percent).format(change)
}

const nanosPerUsd = 1e9
const nanosPerCent = 1e7

/**
 * Nano-dollars for a chart: in cents, and below one dollar as far as its first three figures.
 * Rounded down, so that it never says more than there is; the exact amount belongs beside it. Takes
 * none below zero.
 */
export function formatDollars(nanos: number, language: Language): string {
  const digits = Math.floor(Math.log10(Math.max(1, nanos))) + 1
  const step = Math.min(nanosPerCent, 10 ** (Math.max(3, digits) - 3))
  return `$${forms[language].dollars.format((nanos - (nanos % step)) / nanosPerUsd)}`
}
