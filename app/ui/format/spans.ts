import type { Language } from '../../values/language/languages.ts'

/** How pages write hours, days, weeks and months. They are those of a zone already. */

export type Unit = 'hour' | 'day' | 'week' | 'month'
/** Days, both included; of an hour what clocks show first and last, such as `2026-11-03T09:59`. */
export type Span = { from: string; to: string }

function formsOf(language: Language) {
  const form = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...parts, timeZone: 'UTC' })
  return {
    short: form({ month: 'short', day: 'numeric' }),
    whole: form({ month: 'short', day: 'numeric', year: 'numeric' }),
    named: form({ weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' }),
    month: form({ month: 'long', year: 'numeric' }),
    monthOnly: form({ month: 'short' }),
    yearOnly: form({ year: 'numeric' }),
  }
}
const forms = { en: formsOf('en'), 'zh-CN': formsOf('zh-CN') } satisfies Record<Language, unknown>

const at = (text: string) => new Date(`${text.slice(0, 10)}T00:00:00Z`)
const clock = (text: string) => text.slice(11, 16)

/** What a bar of a chart stands for, in full. */
export function formatSpan(unit: Unit, { from, to }: Span, language: Language): string {
  const { short, whole, named, month } = forms[language]
  if (unit === 'hour') return `${short.format(at(from))} ${clock(from)}–${clock(to)}`
  if (unit === 'month') return month.format(at(from))
  if (from === to) return named.format(at(from))
  return `${short.format(at(from))} – ${whole.format(at(to))}`
}

/** The same in a word, for below it. */
export function formatSpanTick(unit: Unit, { from }: Span, language: Language): string {
  const { short, monthOnly, yearOnly } = forms[language]
  if (unit === 'hour') return clock(from)
  if (unit !== 'month') return short.format(at(from))
  return (from.slice(5, 7) === '01' ? yearOnly : monthOnly).format(at(from))
}
